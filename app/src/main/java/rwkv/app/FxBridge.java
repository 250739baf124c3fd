package rwkv.app;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The way onto the JavaFX thread. Two kinds of lanes are looked at once per pulse:
 *
 * <ul>
 *   <li>{@link #latest}: pictures. Only the newest counts; what comes too fast is dropped by
 *       whoever supplies it.
 *   <li>{@link #every}: events. All of them arrive, in order. A pulse hands over only as many as
 *       fit into a few milliseconds, so a flood delays the last ones but never the window.
 * </ul>
 *
 * Neither ever makes the other side wait. The pulse runs only while there is a lane.
 */
final class FxBridge {

  private static final long BATCH_NANOS = 5_000_000;
  private static final int LOOK_AT_CLOCK = 16;

  private final CopyOnWriteArrayList<Runnable> lanes = new CopyOnWriteArrayList<>();
  private final AnimationTimer pulse =
      new AnimationTimer() {
        @Override
        public void handle(long now) {
          lanes.forEach(Runnable::run);
        }
      };

  /** A lane; once closed, what is still on its way is dropped. */
  interface Lane extends AutoCloseable {
    @Override
    void close();
  }

  /** Runs tasks on the JavaFX thread, at once if this is it. */
  Executor executor() {
    return task -> {
      if (Platform.isFxApplicationThread()) {
        task.run();
      } else {
        Platform.runLater(task);
      }
    };
  }

  /** Hands the newest of something to {@code view}, at most once per pulse. */
  <T> Lane latest(Supplier<@Nullable T> newest, Consumer<? super T> view) {
    return open(() -> {
      T value = newest.get();
      if (value != null) {
        view.accept(value);
      }
    });
  }

  /**
   * Takes events from any thread and hands every one to {@code handler}.
   *
   * @param from receives where to put the events; that never waits
   */
  <E> Lane every(Consumer<? super E> handler, Consumer<Consumer<E>> from) {
    Queue<E> waiting = new ConcurrentLinkedQueue<>();
    from.accept(waiting::add);
    return open(() -> drain(waiting, handler));
  }

  /** Runs something about so often. */
  Lane regularly(double seconds, Runnable task) {
    long nanos = (long) (seconds * 1e9);
    return open(
        new Runnable() {
          private long due;

          @Override
          public void run() {
            long now = System.nanoTime();
            if (now >= due) {
              due = now + nanos;
              task.run();
            }
          }
        });
  }

  /** Closes all lanes. */
  void close() {
    pulse.stop();
    lanes.clear();
  }

  /** Ends JavaFX, and with it the program. */
  static void exit() {
    Platform.exit();
  }

  private Lane open(Runnable lane) {
    if (lanes.isEmpty()) {
      pulse.start();
    }
    lanes.add(lane);
    return () -> {
      lanes.remove(lane);
      if (lanes.isEmpty()) {
        pulse.stop();
      }
    };
  }

  private static <E> void drain(Queue<E> waiting, Consumer<? super E> handler) {
    long until = System.nanoTime() + BATCH_NANOS;
    for (int i = 1; i % LOOK_AT_CLOCK != 0 || System.nanoTime() < until; i++) {
      E event = waiting.poll();
      if (event == null) {
        return;
      }
      handler.accept(event);
    }
  }
}
