package rwkv.engine.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out the pieces of one job at a time with the thread that brings it.
 *
 * <p>A decode step brings a job every few microseconds, so waking a parked thread for each would
 * cost more than the job: after a job a worker looks out for the next for a short while and only
 * then parks. The wait is bounded so that an idle model leaves the processors alone. Pieces are
 * claimed one by one: a worker that lost its processor to another program holds up its own piece at
 * most, and the bringer takes the rest.
 */
final class Workers implements AutoCloseable {

  private static final int SPINS = 4_000;

  /** A piece of a job; {@code slot} is below the number of threads and no two run with the same. */
  interface Piece {
    void run(int index, int slot);
  }

  private static final class Job {
    final Piece piece;
    final int count;
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

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
        done.incrementAndGet();
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

  /** How many threads work on a job, the caller included. */
  int count() {
    return threads.length + 1;
  }

  /**
   * Runs pieces 0 to {@code pieces}−1, in any order and on any of the threads; returns when all
   * ran.
   */
  void run(int pieces, Piece piece) {
    if (threads.length == 0 || pieces == 1) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
      return;
    }
    Job job = new Job(piece, pieces);
    current = job;
    for (int i = 0; i < threads.length; i++) {
      if (parked.get(i) != 0) {
        LockSupport.unpark(threads[i]);
      }
    }
    job.work(0);
    for (int spins = 0; job.done.get() < pieces; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
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
    int idle = 0;
    while (!closed) {
      Job job = current;
      if (job != null && job != served) {
        job.work(index + 1);
        served = job;
        idle = 0;
      } else if (idle++ < SPINS) {
        Thread.onSpinWait();
      } else {
        park(index, served);
        idle = 0;
      }
    }
  }

  /**
   * The flag is raised before the last look, so that a job brought in between is not slept through.
   */
  private void park(int index, @Nullable Job served) {
    parked.set(index, 1);
    Job job = current;
    if ((job == null || job == served) && !closed) {
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
