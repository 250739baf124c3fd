package rwkv.app.probing;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** The threads of one run: its own, and all that it has started. */
final class RunThreads {

  private final ThreadGroup group;

  RunThreads(String name) {
    group = new ThreadGroup(name);
  }

  /** Starts the run's own thread. */
  void start(Runnable work) {
    Thread thread = new Thread(group, work, group.getName());
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until no thread of the run is alive; false if one still is. */
  boolean awaitAll(Duration most) {
    return awaitOthers(most).isEmpty();
  }

  void interrupt() {
    group.interrupt();
  }

  /**
   * Waits for all threads of the run but the one that asks.
   *
   * @return the name of one that did not end
   */
  Optional<String> awaitOthers(Duration most) {
    long until = System.nanoTime() + most.toNanos();
    List<Thread> left = others();
    while (!left.isEmpty() && System.nanoTime() - until < 0) {
      join(left.getFirst(), Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      left = others();
    }
    return left.stream().findFirst().map(Thread::getName);
  }

  /** Waits for the others to end, however long that takes. */
  void awaitOthers() {
    for (List<Thread> left = others(); !left.isEmpty(); left = others()) {
      join(left.getFirst(), Duration.ofDays(1));
    }
  }

  /** Not to be kept from waiting: an interrupt was meant for the probe. */
  private static void join(Thread thread, Duration most) {
    try {
      thread.join(most);
    } catch (InterruptedException e) {
      // The flag is down now; the next round waits.
    }
  }

  private List<Thread> others() {
    Thread[] found = new Thread[Math.max(16, 2 * group.activeCount())];
    int count = group.enumerate(found);
    return Arrays.stream(found, 0, count)
        .filter(thread -> thread != Thread.currentThread() && thread.isAlive())
        .filter(thread -> !isShared(thread))
        .toList();
  }

  /** Parallel streams run on Java's own threads, which are of the group that needs them first. */
  private static boolean isShared(Thread thread) {
    return thread instanceof ForkJoinWorkerThread worker
        && worker.getPool() == ForkJoinPool.commonPool();
  }
}
