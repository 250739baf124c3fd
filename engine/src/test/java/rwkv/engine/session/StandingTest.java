package rwkv.engine.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.SamplerSettings;

/** A text goes on in another engine as if it had never moved. */
@Timeout(60)
class StandingTest {

  /** Penalties, so that it matters that the sampler remembers; the end of text is banned. */
  private static final SamplerSettings PENALISED =
      new SamplerSettings(1, 0, 1, 0, 0.8, 0.4, 0.95, Set.of(0), 17);

  @TempDir Path folder;
  private Path file;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void write() {
    file =
        TinyModel.SMALL.write(folder.resolve("m.safetensors"), Seeds.random("a text that moves"));
  }

  private Engine open() {
    return Engine.open(file, "cpu", 1, Progress.NONE);
  }

  private SessionThread start(Engine engine) {
    SessionThread thread = new SessionThread(engine.session(), 0, events::add);
    thread.send(new Command.Sample(PENALISED));
    return thread;
  }

  private List<Integer> untilIdle() throws InterruptedException {
    List<Integer> tokens = new ArrayList<>();
    while (true) {
      Event event = events.poll(30, TimeUnit.SECONDS);
      assertNotNull(event, "no event, after " + tokens);
      if (event instanceof Event.Token token) {
        tokens.add(token.token());
      } else if (event instanceof Event.Status(Event.Activity activity, _, _)
          && activity == Event.Activity.IDLE) {
        return tokens;
      }
    }
  }

  @Test
  void aTextThatMovedGoesOnAsOneThatStayed() throws Exception {
    List<Integer> stayed;
    try (Engine engine = open();
        SessionThread thread = start(engine)) {
      thread.send(new Command.Feed(new int[] {5, 6, 7}, 30));
      untilIdle();
      thread.send(new Command.Generate(30));
      stayed = untilIdle();
    }
    try (Engine other = open()) {
      Standing standing;
      try (Engine engine = open();
          SessionThread thread = start(engine)) {
        thread.send(new Command.Feed(new int[] {5, 6, 7}, 30));
        untilIdle();
        standing = thread.standing();
        assertEquals(0, standing.text().since().length, "tokens to be read again");
      }
      Standing.Prepared prepared = standing.prepare(other.session(), Progress.NONE);
      try (SessionThread thread = new SessionThread(prepared, 0, events::add)) {
        thread.send(new Command.Generate(30));
        assertEquals(stayed, untilIdle());
      }
    }
  }

  /** Without its device a session tells its tokens, which are read again, with their decays. */
  @Test
  void whatIsKnownWithoutTheDeviceLeadsToTheSameState() throws Exception {
    try (Engine engine = open()) {
      SessionThread thread = start(engine);
      thread.send(new Command.Watch(true, true, false, 0, 0));
      thread.send(new Command.Feed(new int[] {5, 6, 7}, 100));
      untilIdle();
      Standing live = thread.standing();
      Frame watched = thread.frames().take();
      thread.close();
      Standing ended = thread.standing();
      assertEquals(103, ended.text().since().length);
      assertEquals(live.text().position(), ended.text().position());

      List<Double> done = new ArrayList<>();
      Session again = engine.session();
      Standing.Prepared prepared = ended.prepare(again, done::add);
      assertArrayEquals(live.text().logits(), again.logits());
      assertEquals(1.0, done.getLast());
      assertTrue(done.stream().anyMatch(at -> at > 0 && at < 1), "progress was " + done);
      try (SessionThread second = new SessionThread(prepared, 0, events::add)) {
        second.send(new Command.Watch(true, true, false, 0, 0));
        second.standing();
        Frame shown = second.frames().take();
        assertNotNull(watched);
        assertNotNull(shown);
        assertEquals(watched.position(), shown.position());
        assertEquals(DecayWindow.TOKENS, shown.window());
        for (int layer = 0; layer < watched.state().length; layer++) {
          assertArrayEquals(watched.state()[layer], shown.state()[layer], "state of " + layer);
          assertArrayEquals(
              watched.meanLogDecay()[layer], shown.meanLogDecay()[layer], "decays of " + layer);
        }
      }
    }
  }

  /** Where nothing has been read since a state was taken up, its logits are all there is. */
  @Test
  void theNextTokenIsKnownWhereNothingIsToBeReadAgain() {
    try (Engine engine = open()) {
      Session session = engine.session();
      session.prefill(new int[] {1, 2, 3}, 3, Progress.NONE);
      Session.Mark mark = session.mark();
      float[] predicted = session.logits().clone();
      session.decode(4);
      session.back(mark);
      Session again = engine.session();
      again.resume(session.kept(), Progress.NONE);
      assertArrayEquals(predicted, again.logits());
      assertEquals(3, again.position());
    }
  }

  @Test
  void readingAgainCanBeEndedAndTheOldSessionGoesOn() throws Exception {
    try (Engine engine = open();
        Engine other = open()) {
      SessionThread thread = start(engine);
      thread.send(new Command.Feed(Seeds.random("a long text").ints(300, 1, 61).toArray()));
      untilIdle();
      thread.close();
      Standing standing = thread.standing();
      assertThrows(
          CancellationException.class,
          () ->
              standing.prepare(
                  other.session(),
                  done -> {
                    if (done > 0.3) {
                      throw new CancellationException();
                    }
                  }));
      Session whole = other.session();
      standing.prepare(whole, Progress.NONE);
      assertEquals(300, whole.position());
    }
  }
}
