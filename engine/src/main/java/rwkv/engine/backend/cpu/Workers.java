package rwkv.engine.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out the pieces of one job at a time with the thread that brings it.
 *
 * <p>A decode step brings a job every few microseconds, so waking a parked thread for each would
 * cost more than the job: after a job a worker looks out for the next for a short while and only
 * then parks. Pieces are claimed one by one: a worker that lost its processor to another program
 * holds up its own piece at most, and the bringer takes the rest.
 *
 * <p>Both wait no longer than {@link #WATCH_NANOS} before they park, the bringer for the last
 * pieces as the workers for a job. Where another program wants a processor too, one that is given
 * up is what the system moves a waiting thread to; one that is watched away, or yielded by a thread
 * that stays runnable, is not, and then a thread that was set aside in the middle of a piece comes
 * back only when the other program's time is over, thousands of microseconds later.
 */
final class Workers implements Team, AutoCloseable {

  /** Longer than what lies between two jobs of a decode step, far shorter than a slice of time. */
  private static final long WATCH_NANOS = 60_000;

  /** Looks between two at the clock. */
  private static final int LOOKS = 32;

  /** A parked bringer looks again after this; a system moves threads only when one gives up. */
  private static final long AGAIN_NANOS = 200_000;

  private static final class Job {
    final Piece piece;
    final int count;
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    volatile @Nullable Thread bringer;

    Job(Piece piece, int count) {
      this.piece = piece;
      this.count = count;
    }

    void work(int slot) {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          piece.run(i, slot);
        } catch (RuntimeException | Error problem) {
          failure.compareAndSet(null, problem);
        }
        if (done.incrementAndGet() == count) {
          LockSupport.unpark(bringer);
        }
      }
    }

    boolean isDone() {
      return done.get() == count;
    }

    /** Waits for the pieces that workers have claimed. */
    void await() {
      if (watch(this::isDone)) {
        return;
      }
      bringer = Thread.currentThread();
      while (!isDone()) {
        LockSupport.parkNanos(this, AGAIN_NANOS);
      }
    }
  }

  private final Thread[] threads;
  private final AtomicIntegerArray parked;
  private volatile @Nullable Job current;
  private volatile boolean closed;

  /** As many threads as {@code count}, one of which is the caller. */
  Workers(int count) {
    threads = new Thread[count - 1];
    parked = new AtomicIntegerArray(count - 1);
    for (int i = 0; i < threads.length; i++) {
      int index = i;
      threads[i] =
          Thread.ofPlatform().daemon().name("rwkv-worker-" + (i + 1)).start(() -> serve(index));
    }
  }

  @Override
  public int count() {
    return threads.length + 1;
  }

  @Override
  public void run(int pieces, Piece piece) {
    if (threads.length == 0 || pieces == 1) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
      return;
    }
    Job job = new Job(piece, pieces);
    current = job;
    for (int i = 0; i < Math.min(threads.length, pieces - 1); i++) {
      if (parked.get(i) != 0 && parked.compareAndSet(i, 1, 0)) {
        LockSupport.unpark(threads[i]);
      }
    }
    job.work(0);
    job.await();
    current = null;
    Throwable failure = job.failure.get();
    if (failure instanceof RuntimeException problem) {
      throw problem;
    } else if (failure instanceof Error error) {
      throw error;
    }
  }

  private void serve(int index) {
    Job served = null;
    while (!closed) {
      Job last = served;
      if (!watch(() -> brought(last))) {
        park(index, last);
      }
      Job job = current;
      if (job != null && job != last) {
        job.work(index + 1);
        served = job;
      }
    }
  }

  /** Whether there is something else to do than a job that has been served. */
  private boolean brought(@Nullable Job served) {
    Job job = current;
    return closed || (job != null && job != served);
  }

  /** Looks out for something for a short while; whether it came. */
  private static boolean watch(BooleanSupplier come) {
    long end = System.nanoTime() + WATCH_NANOS;
    do {
      for (int i = 0; i < LOOKS; i++) {
        if (come.getAsBoolean()) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() < end);
    return false;
  }

  /**
   * The flag is raised before the last look, so that a job brought in between is not slept through.
   */
  private void park(int index, @Nullable Job served) {
    parked.set(index, 1);
    while (!brought(served) && parked.get(index) != 0) {
      LockSupport.park(this);
    }
    parked.set(index, 0);
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    for (Thread thread : threads) {
      join(thread);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
