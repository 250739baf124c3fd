package rwkv.app.plugins;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Some code of a plugin on a thread of its own. Threads that it starts are of the same group, so
 * that those it leaves behind are known.
 */
final class PluginCall<T> {

  /** How long threads may take to end once the call has. */
  private static final long LAST_MILLIS = 2000;

  private final ThreadGroup group;
  private final FutureTask<T> task;

  PluginCall(String plugin, ClassLoader loader, Callable<T> work) {
    group = new ThreadGroup("plugin " + plugin);
    task = new FutureTask<>(work);
    Thread thread = new Thread(group, task, "plugin " + plugin);
    thread.setDaemon(true);
    thread.setContextClassLoader(loader);
    thread.start();
  }

  /**
   * What it gave, as soon as it is there.
   *
   * @throws TimeoutException if it is not there after this time
   * @throws ExecutionException with what was thrown
   */
  T await(Duration most) throws TimeoutException, ExecutionException, InterruptedException {
    return task.get(most.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Asks all its threads to end. */
  void interrupt() {
    group.interrupt();
  }

  /** The name of a thread that did not end with the call, if there is one. */
  Optional<String> leftThread() throws InterruptedException {
    long until = System.nanoTime() + LAST_MILLIS * 1_000_000;
    for (Thread thread : threads()) {
      thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
    }
    return threads().stream().findFirst().map(Thread::getName);
  }

  /** Those of parallel streams are Java's own, whoever needs them first. */
  private List<Thread> threads() {
    Thread[] found = new Thread[Math.max(16, 2 * group.activeCount())];
    return Arrays.stream(found, 0, group.enumerate(found))
        .filter(Thread::isAlive)
        .filter(thread ->
            !(thread instanceof ForkJoinWorkerThread worker
                && worker.getPool() == ForkJoinPool.commonPool()))
        .toList();
  }
}
