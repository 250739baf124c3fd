package rwkv.engine.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.TinyModel;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Event.Activity;
import rwkv.engine.session.Event.End;
import rwkv.engine.trace.Site;

@Timeout(60)
class SessionThreadTest {

  private static final int[] PROMPT = {5, 6, 7, 8};

  @TempDir Path folder;
  private Engine engine;
  private SessionThread thread;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    Path file = TinyModel.SMALL.write(folder.resolve("m.safetensors"), new Random(1));
    engine = Engine.open(file, "cpu", 1, Progress.NONE);
    thread = new SessionThread(engine.session(), 0, events::add);
    thread.send(new Command.Sample(settings(Long.getLong("tests.seed", 11))));
  }

  @AfterEach
  void close() {
    thread.close();
    engine.close();
  }

  /** End of text is banned, so that texts do not end by chance. */
  private static SamplerSettings settings(long seed) {
    return new SamplerSettings(1, 0, 1, 0, 0, 0, 1, Set.of(0), seed);
  }

  /** Everything up to and with the next idle status. */
  private List<Event> untilIdle() throws InterruptedException {
    List<Event> seen = new ArrayList<>();
    while (true) {
      Event event = events.poll(30, TimeUnit.SECONDS);
      assertNotNull(event, "no event, after " + seen);
      seen.add(event);
      if (event instanceof Event.Status status && status.activity() == Activity.IDLE) {
        return seen;
      }
    }
  }

  private static List<Event.Token> tokens(List<Event> events) {
    return events.stream()
        .filter(Event.Token.class::isInstance)
        .map(Event.Token.class::cast)
        .toList();
  }

  private static End end(List<Event> events) {
    return ((Event.Status) events.getLast()).end();
  }

  @Test
  void aPromptIsReadAndContinuedAsASessionWouldDo() throws Exception {
    thread.send(new Command.Feed(PROMPT, 20));
    List<Event> seen = untilIdle();
    assertEquals(End.ENOUGH, end(seen));
    List<Event.Token> made = tokens(seen);
    assertEquals(24, made.size());

    Session session = engine.session();
    Sampler sampler = new Sampler(settings(Long.getLong("tests.seed", 11)));
    session.prefillAll(PROMPT);
    for (int i = 0; i < made.size(); i++) {
      Event.Token token = made.get(i);
      assertEquals(i, token.position());
      assertEquals(i >= PROMPT.length, token.drawn());
      if (token.drawn()) {
        assertEquals(sampler.next(session.logits(), i), token.token());
        session.decode(token.token());
      } else {
        assertEquals(PROMPT[i], token.token());
      }
    }
  }

  @Test
  void aLongPromptInChunksPredictsWhatTokenByTokenPredicts() throws Exception {
    int[] prompt = new Random(3).ints(200, 1, 61).toArray();
    thread.send(new Command.Feed(prompt));
    List<Event.Token> chunked = tokens(untilIdle());
    thread.send(new Command.Reset());
    untilIdle();
    List<Event.Token> single = new ArrayList<>();
    for (int from = 0; from < prompt.length; from += 50) {
      thread.send(new Command.Feed(Arrays.copyOfRange(prompt, from, from + 50)));
      single.addAll(tokens(untilIdle()));
    }
    assertEquals(prompt.length, chunked.size());
    for (int i = 0; i < prompt.length; i++) {
      Event.Prediction a = chunked.get(i).prediction();
      Event.Prediction b = single.get(i).prediction();
      assertArrayEquals(a.topTokens(), b.topTokens());
      assertArrayEquals(a.topProbabilities(), b.topProbabilities());
      assertEquals(a.probability(), b.probability());
    }
  }

  @Test
  void predictionsAreTheSoftmaxOfTheLogitsLikeliestFirst() throws Exception {
    thread.send(new Command.Feed(PROMPT));
    Event.Token last = tokens(untilIdle()).getLast();
    Session session = engine.session();
    float[] logits = session.prefill(Arrays.copyOf(PROMPT, 3), 3, Progress.NONE);
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    float[] p = last.prediction().topProbabilities();
    assertEquals(10, p.length);
    for (int i = 0; i < p.length; i++) {
      assertEquals(Math.exp(logits[last.prediction().topTokens()[i]]) / sum, p[i], 1e-6);
      assertTrue(i == 0 || p[i] <= p[i - 1]);
    }
    assertEquals(Math.exp(logits[8]) / sum, last.prediction().probability(), 1e-6);
  }

  @Test
  void pauseEndsAGenerationAndGenerateGoesOn() throws Exception {
    thread.send(new Command.Pace(1000));
    thread.send(new Command.Feed(PROMPT, Integer.MAX_VALUE));
    while (!(events.take() instanceof Event.Token token && token.drawn())) {
      continue;
    }
    thread.send(new Command.Pause());
    List<Event> paused = untilIdle();
    assertEquals(End.PAUSED, end(paused));
    int position = ((Event.Status) paused.getLast()).position();
    thread.send(new Command.Generate(3));
    List<Event> more = untilIdle();
    assertEquals(End.ENOUGH, end(more));
    assertEquals(position, tokens(more).getFirst().position());
    assertEquals(3, tokens(more).size());
  }

  @Test
  void aStepMakesOneToken() throws Exception {
    thread.send(new Command.Feed(PROMPT));
    untilIdle();
    for (int i = 0; i < 3; i++) {
      thread.send(new Command.Step());
      List<Event.Token> made = tokens(untilIdle());
      assertEquals(1, made.size());
      assertEquals(PROMPT.length + i, made.getFirst().position());
    }
  }

  @Test
  void resetGoesBackAndTheSameSeedWritesTheSameText() throws Exception {
    thread.send(new Command.Feed(PROMPT, 30));
    List<Event.Token> once = tokens(untilIdle());
    thread.send(new Command.Reset());
    assertTrue(untilIdle().getFirst() instanceof Event.Restarted);
    thread.send(new Command.Feed(PROMPT, 30));
    List<Event.Token> again = tokens(untilIdle());
    assertEquals(
        once.stream().map(Event.Token::token).toList(),
        again.stream().map(Event.Token::token).toList());
  }

  @Test
  void generatingFromNothingStartsWithTheEndOfTextToken() throws Exception {
    thread.send(new Command.Generate(2));
    List<Event.Token> made = tokens(untilIdle());
    assertEquals(3, made.size());
    assertEquals(0, made.getFirst().token());
    assertEquals(false, made.getFirst().drawn());
  }

  @Test
  void drawingTheEndOfTextEndsTheGeneration() throws Exception {
    Set<Integer> banned = new HashSet<>();
    for (int token = 1; token < 61; token++) {
      banned.add(token);
    }
    thread.send(new Command.Sample(new SamplerSettings(1, 0, 1, 0, 0, 0, 1, banned, 1)));
    thread.send(new Command.Feed(PROMPT, 20));
    List<Event> seen = untilIdle();
    assertEquals(End.END_OF_TEXT, end(seen));
    assertEquals(PROMPT.length + 1, tokens(seen).size());
  }

  @Test
  void whatIsNotWatchedIsNotMeasured() throws Exception {
    thread.send(new Command.Feed(PROMPT));
    assertEquals(0, tokens(untilIdle()).getLast().dynamics().rms().length);
    assertEquals(null, thread.frames().take());
  }

  @Test
  void framesShowTheStateAndTheDecaysOfTheLastTokens() throws Exception {
    thread.send(new Command.Watch(true, true, true, 1, 2));
    thread.send(new Command.Feed(PROMPT));
    List<Event.Token> read = tokens(untilIdle());
    Frame frame = thread.frames().take();
    assertNotNull(frame);
    Session session = engine.session();
    List<float[]> decays = new ArrayList<>();
    session.trace((layer, site, values) -> {
      if (layer == 1 && site == Site.W) {
        decays.add(Arrays.copyOfRange(values.toArray(), 16, 24));
      }
    });
    for (int token : PROMPT) {
      session.decode(token);
    }
    assertEquals(PROMPT.length, frame.position());
    assertEquals(PROMPT.length, frame.window());
    for (int layer = 0; layer < 2; layer++) {
      assertArrayEquals(session.snapshot().values(layer, 1), frame.state()[layer]);
    }
    double log = 0;
    for (int i = 0; i < PROMPT.length; i++) {
      assertArrayEquals(decays.get(i), frame.headDecays()[i]);
      log += Math.log(decays.get(i)[3]);
    }
    assertEquals(log / PROMPT.length, frame.meanLogDecay()[1][16 + 3], 1e-6);
    assertEquals(decays.getLast()[3], frame.decay()[1][16 + 3]);

    float[] head = Arrays.copyOfRange(session.snapshot().values(1, 1), 128, 192);
    double squares = 0;
    for (float x : head) {
      squares += (double) x * x;
    }
    assertEquals(Math.sqrt(squares / 64), read.getLast().dynamics().rms()[1 * 3 + 2], 1e-6);
  }

  @Test
  void framesShowWhatTheLastTokenSkippedInEveryLayer() throws Exception {
    thread.send(new Command.Watch(true, false, false, 0, 0));
    Frame before = thread.frames().take();
    thread.send(new Command.Feed(PROMPT));
    untilIdle();
    Frame frame = thread.frames().take();
    assertNotNull(frame);
    float[] shares = new float[2];
    Session session = engine.session();
    session.trace((layer, site, values) -> {
      if (site == Site.SKIPPED) {
        shares[layer] = values.toArray()[0];
      }
    });
    for (int token : PROMPT) {
      session.decode(token);
    }
    assertTrue(before == null || Float.isNaN(before.skipped()[0]));
    assertTrue(shares[0] > 0 && shares[0] < 1);
    assertArrayEquals(shares, frame.skipped());
  }

  @Test
  void watchingChangesNoToken() throws Exception {
    thread.send(new Command.Feed(PROMPT, 30));
    List<Event.Token> plain = tokens(untilIdle());
    thread.send(new Command.Reset());
    untilIdle();
    thread.send(new Command.Watch(true, true, true, 0, 0));
    thread.send(new Command.Feed(PROMPT, 30));
    List<Event.Token> watched = tokens(untilIdle());
    assertEquals(
        plain.stream().map(Event.Token::token).toList(),
        watched.stream().map(Event.Token::token).toList());
  }

  @Test
  void aTokenOutsideTheVocabularyFailsInASentenceAndTheSessionGoesOn() throws Exception {
    thread.send(new Command.Feed(new int[] {1, 999}));
    Event event = events.poll(30, TimeUnit.SECONDS);
    assertTrue(event instanceof Event.Failed failed && failed.message().contains("999"));
    thread.send(new Command.Feed(PROMPT));
    assertEquals(PROMPT.length, tokens(untilIdle()).size());
  }
}
