package rwkv.engine.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.ReferenceData;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;

/** Whatever model is opened, pictures get a state that moves and decays that can be. */
@Timeout(120)
class ReferenceStatesMoveTest {

  /** Every model of the reference data, in every format it is stored in. */
  static Stream<Path> models() {
    return List.of(".pth", ".safetensors", ".gguf", ".bin").stream()
        .flatMap(suffix -> ReferenceData.requireAll(suffix).stream())
        .filter(file -> !file.toString().matches(".*(vectors|timestate|expected-logits|/grad/).*"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyLayersPictureMoves(Path file) throws InterruptedException {
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    try (Engine engine = Engine.open(file, "cpu", 1, Progress.NONE);
        SessionThread thread = new SessionThread(engine.session(), -1, events::add)) {
      thread.send(new Command.Watch(true, true, true, 0, 0));
      float[][] before = copy(next(thread, events, 1));
      Frame frame = next(thread, events, 2);
      StateLayout layout = StateLayout.of(engine.spec());
      assertEquals(layout.layers(), frame.state().length);
      for (int layer = 0; layer < layout.layers(); layer++) {
        assertEquals(layout.count(), frame.state()[layer].length);
        assertNotEquals(0, Arrays.compare(before[layer], frame.state()[layer]), "layer " + layer);
      }
      decaysCanBe(engine.spec().version(), frame);
    }
  }

  private static void decaysCanBe(Version version, Frame frame) {
    boolean none = version.decay() == Version.Decay.NONE;
    assertEquals(none, frame.window() == 0);
    for (float[] layer : frame.decay()) {
      for (float w : layer) {
        assertTrue(w >= version.lowestDecay() - 1e-6 && w <= 1, version + ": decay " + w);
      }
    }
  }

  /** Reads a token and gives the picture after it. */
  private static Frame next(SessionThread thread, BlockingQueue<Event> events, int token)
      throws InterruptedException {
    thread.send(new Command.Feed(new int[] {token}));
    while (true) {
      Event event = events.poll(60, TimeUnit.SECONDS);
      assertTrue(event != null && !(event instanceof Event.Failed), "got " + event);
      if (event instanceof Event.Status status
          && status.activity() == Event.Activity.IDLE
          && status.position() == token) {
        return taken(thread, token);
      }
    }
  }

  private static Frame taken(SessionThread thread, int position) throws InterruptedException {
    while (true) {
      Frame frame = thread.frames().take();
      if (frame != null && frame.position() == position) {
        return frame;
      }
      Thread.sleep(1);
    }
  }

  private static float[][] copy(Frame frame) {
    return Arrays.stream(frame.state()).map(float[]::clone).toArray(float[][]::new);
  }
}
