package rwkv.app.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Sentence;
import rwkv.engine.train.task.Texts;

/**
 * The training thread. Up to {@value #MOST} runs take turns on it, each with all the engine's
 * threads while it has its turn, so that runs that were started together are seen side by side; the
 * others wait.
 */
final class RunQueue implements AutoCloseable {

  static final int MOST = 4;

  private static final long PATIENCE_MILLIS = 3000;

  private final BlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
  private final List<ActiveRun> active = new ArrayList<>();
  private final int threads;
  private final Texts texts;
  private final Thread thread;
  private volatile boolean closing;
  private int turn;

  /**
   * @param threads to compute with
   */
  RunQueue(int threads, Texts texts) {
    this.threads = threads;
    this.texts = texts;
    this.thread = Thread.ofPlatform().daemon().name("rwkv-training").unstarted(this::work);
    thread.start();
  }

  /** A new run, or one that goes on; what happens to it is told on the training thread. */
  void go(RunFiles files, Consumer<RunUpdate> told) {
    orders.add(() -> active.add(create(files, told)));
  }

  /** Saves a run and lets go of it. */
  void pause(RunFiles files) {
    orders.add(() -> {
      ActiveRun run = find(files);
      if (run != null) {
        active.remove(run);
        attempt(run, run::pause);
      }
    });
  }

  /** Ends a run for good, with the model as it is then; it need not have been going on. */
  void stop(RunFiles files, Consumer<RunUpdate> told) {
    orders.add(() -> {
      ActiveRun found = find(files);
      ActiveRun run = found == null ? create(files, told) : found;
      active.remove(run);
      attempt(run, () -> run.end(RunState.STOPPED));
    });
  }

  /** Saves a run's model if it is going on; then, either way, does something else. */
  void save(RunFiles files, Runnable then) {
    orders.add(() -> {
      ActiveRun run = find(files);
      if (run == null) {
        then.run();
      } else {
        attempt(
            run,
            () -> {
              run.save();
              then.run();
            });
      }
    });
  }

  /** Saves all runs and ends, usually within a step; what takes longer is left as it was saved. */
  @Override
  public void close() {
    closing = true;
    orders.add(() -> {});
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ActiveRun create(RunFiles files, Consumer<RunUpdate> told) {
    return new ActiveRun(files, threads, texts, this::check, told);
  }

  private void check(double done) {
    if (closing) {
      throw new CancellationException();
    }
  }

  private @Nullable ActiveRun find(RunFiles files) {
    return active.stream().filter(run -> run.files().equals(files)).findFirst().orElse(null);
  }

  private void work() {
    while (!closing) {
      Runnable order = orders.poll();
      if (order == null && active.isEmpty()) {
        order = await();
      }
      if (order != null) {
        order.run();
      } else {
        next();
      }
    }
    for (ActiveRun run : active) {
      attempt(run, run::pause);
    }
  }

  private Runnable await() {
    try {
      return orders.take();
    } catch (InterruptedException e) {
      closing = true;
      return () -> {};
    }
  }

  private void next() {
    turn = (turn + 1) % Math.min(MOST, active.size());
    ActiveRun run = active.get(turn);
    boolean[] more = new boolean[1];
    attempt(run, () -> more[0] = run.turn(() -> closing || !orders.isEmpty()));
    if (!more[0] && !closing) {
      active.remove(run);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Whatever a run fails of, the others go on. */
  private static void attempt(ActiveRun run, Work work) {
    try {
      work.run();
    } catch (CancellationException e) {
      // The window is being closed; all has been saved that can be gone on with.
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      run.fail(Sentence.of(e));
    }
  }
}
