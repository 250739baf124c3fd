package rwkv.engine.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
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
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Event.Activity;
import rwkv.engine.session.Event.End;
import rwkv.engine.session.StopRule.Verdict;

/** Generations that end where a rule says, with nothing of the end in the state. */
@Timeout(60)
class StopGuardTest {

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
    thread.send(new Command.Sample(settings(11)));
  }

  @AfterEach
  void close() {
    thread.close();
    engine.close();
  }

  private static SamplerSettings settings(long seed) {
    return new SamplerSettings(1, 0, 1, 0, 0.5, 0.5, 0.99, Set.of(0), seed);
  }

  /** Holds every token from the {@code from}th on and stops at the {@code at}th. */
  private static StopRule rule(int from, int at, int... instead) {
    int[] seen = {0};
    return _ -> {
      int held = Math.max(0, ++seen[0] - from);
      return seen[0] < at ? new Verdict.GoesOn(held) : new Verdict.Stops(held, instead);
    };
  }

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

  private static List<Integer> tokens(List<Event> events) {
    return events.stream()
        .filter(Event.Token.class::isInstance)
        .map(event -> ((Event.Token) event).token())
        .toList();
  }

  private static void assertEnds(End end, int position, List<Event> events) {
    assertEquals(new Event.Status(Activity.IDLE, position, end), events.getLast());
  }

  @Test
  void aMarkIsCameBackToWithItsLogits() {
    Session session = engine.session();
    session.prefillAll(PROMPT);
    Session.Mark mark = session.mark();
    float[] logits = session.logits().clone();
    var state = session.snapshot();
    session.decode(3);
    session.back(mark);
    assertEquals(state, session.snapshot());
    assertArrayEquals(logits, session.logits());
    assertEquals(PROMPT.length, session.position());
    assertEquals(PROMPT.length, mark.position());
  }

  @Test
  void whatIsTakenBackIsNotInTheState() {
    Session session = engine.session();
    session.prefillAll(PROMPT);
    StopGuard guard = new StopGuard(session, rule(2, 5));
    for (int token = 10; token < 14; token++) {
      assertTrue(guard.admits(token));
      session.decode(token);
    }
    assertFalse(guard.admits(14));
    Session plain = engine.session();
    plain.prefillAll(new int[] {5, 6, 7, 8, 10, 11});
    assertEquals(plain.snapshot(), session.snapshot());
    assertArrayEquals(plain.logits(), session.logits());
    assertEquals(6, session.position());
    assertEquals(0, guard.instead().length);
  }

  @Test
  void aTokenThatStopsAtOnceLeavesTheSessionAlone() {
    Session session = engine.session();
    session.prefillAll(PROMPT);
    var before = session.snapshot();
    StopGuard guard = new StopGuard(session, rule(0, 1, 4, 5));
    assertFalse(guard.admits(9));
    assertEquals(before, session.snapshot());
    assertArrayEquals(new int[] {4, 5}, guard.instead());
    assertNotNull(guard.beginning());
  }

  @Test
  void noRuleKeepsNothing() {
    StopGuard guard = new StopGuard(engine.session(), StopRule.NONE);
    assertTrue(guard.admits(1));
    assertNull(guard.beginning());
  }

  @Test
  void whatWasLetGoCannotBeTakenBack() {
    Session session = engine.session();
    int[] seen = {0};
    StopGuard guard =
        new StopGuard(
            session,
            _ -> seen[0]++ == 0 ? new Verdict.GoesOn(0) : new Verdict.Stops(2, new int[0]));
    assertTrue(guard.admits(1));
    assertThrows(IllegalStateException.class, () -> guard.admits(2));
  }

  @Test
  void aGenerationStopsThereAndSaysWhatItTookBack() throws Exception {
    thread.send(new Command.Feed(PROMPT, 20));
    List<Integer> free = tokens(untilIdle());
    thread.send(new Command.Reset());
    untilIdle();
    thread.send(new Command.Watch(true, true, true, 0, 0));
    thread.send(new Command.Feed(PROMPT, 20, rule(3, 6, 9)));
    List<Event> seen = untilIdle();
    // The token that ends it is never read, the two before it are taken back, 9 is read instead.
    List<Integer> made = tokens(seen);
    assertEquals(free.subList(0, PROMPT.length + 5), made.subList(0, PROMPT.length + 5));
    assertEquals(PROMPT.length + 6, made.size());
    assertEquals(9, made.getLast());
    int stays = PROMPT.length + 3;
    assertTrue(seen.contains(new Event.Returned(stays)));
    assertEnds(End.STOPPED, stays + 1, seen);

    Session plain = engine.session();
    plain.prefillAll(free.subList(0, stays).stream().mapToInt(Integer::intValue).toArray());
    plain.decode(9);
    Frame frame = thread.frames().take();
    assertNotNull(frame);
    assertEquals(stays + 1, frame.position());
    assertEquals(stays + 1, frame.window());
    assertArrayEquals(plain.snapshot().values(1, 1), frame.state()[1]);
    Event.Token last = assertInstanceOf(Event.Token.class, seen.get(seen.size() - 2));
    assertEquals(stays, last.position());
    assertFalse(last.drawn());
  }

  @Test
  void aPauseDoesNotForgetWhatIsHeld() throws Exception {
    StopRule rule = rule(1, 4);
    thread.send(new Command.Feed(PROMPT, 2, rule));
    assertEnds(End.ENOUGH, PROMPT.length + 2, untilIdle());
    thread.send(new Command.Step(rule));
    assertEnds(End.ENOUGH, PROMPT.length + 3, untilIdle());
    thread.send(new Command.Generate(5, rule));
    assertEnds(End.STOPPED, PROMPT.length + 1, untilIdle());
  }

  @Test
  void anAnswerCanBeDrawnAgainWithAnotherSeedOrTheSame() throws Exception {
    thread.send(new Command.Feed(PROMPT, 12, rule(99, 99)));
    List<Integer> once = tokens(untilIdle());
    thread.send(new Command.Sample(settings(12)));
    thread.send(new Command.Again(12, rule(99, 99)));
    List<Event> other = untilIdle();
    assertEquals(new Event.Returned(PROMPT.length), other.getFirst());
    assertEquals(12, tokens(other).size());
    assertFalse(once.containsAll(tokens(other)) && tokens(other).containsAll(once));
    thread.send(new Command.Sample(settings(11)));
    thread.send(new Command.Again(12, rule(99, 99)));
    assertEquals(once.subList(PROMPT.length, once.size()), tokens(untilIdle()));
  }

  @Test
  void withoutAnAnswerThereIsNoneToDrawAgain() throws Exception {
    thread.send(new Command.Feed(PROMPT, 2));
    untilIdle();
    thread.send(new Command.Again(3, rule(9, 9)));
    Event.Failed failed = assertInstanceOf(Event.Failed.class, events.poll(30, TimeUnit.SECONDS));
    assertTrue(failed.message().contains("answer"), failed.message());
  }
}
