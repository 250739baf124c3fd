package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Seeds;

/** Jobs are done whole and once, whatever the workers were doing when they came. */
@Timeout(60)
class WorkersTest {

  /** Longer than a worker looks out for a job. */
  private static final int LONG_MILLIS = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyPieceOfManyTinyJobsRunsOnce(int threads) {
    Random random = Seeds.random("tiny jobs");
    try (Workers workers = new Workers(threads)) {
      for (int job = 0; job < 20_000; job++) {
        int pieces = 1 + random.nextInt(12);
        int[] runs = new int[pieces];
        workers.run(pieces, (i, slot) -> runs[i]++);
        for (int i = 0; i < pieces; i++) {
          assertEquals(1, runs[i], "piece " + i + " of job " + job);
        }
      }
    }
  }

  @Test
  void noTwoPiecesRunInOneSlot() {
    try (Workers workers = new Workers(3)) {
      AtomicIntegerArray slots = new AtomicIntegerArray(3);
      AtomicInteger shared = new AtomicInteger();
      for (int job = 0; job < 2_000; job++) {
        workers.run(
            7,
            (i, slot) -> {
              if (slots.getAndIncrement(slot) != 0) {
                shared.incrementAndGet();
              }
              Thread.onSpinWait();
              slots.getAndDecrement(slot);
            });
      }
      assertEquals(0, shared.get());
    }
  }

  @Test
  void workersThatHaveParkedAreWokenAndWaitedFor() throws InterruptedException {
    try (Workers workers = new Workers(3)) {
      for (int job = 0; job < 20; job++) {
        Thread.sleep(job % 2 == 0 ? LONG_MILLIS : 0);
        CyclicBarrier all = new CyclicBarrier(3);
        AtomicInteger done = new AtomicInteger();
        workers.run(
            3,
            (i, slot) -> {
              meet(all);
              pause(slot == 0 ? 0 : LONG_MILLIS);
              done.incrementAndGet();
            });
        assertEquals(3, done.get());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatAPieceThrowsIsThrownAndTheNextJobRuns(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int job = 0; job < 200; job++) {
        RuntimeException broken = new IllegalStateException("piece");
        int bad = job % 4;
        assertSame(
            broken,
            assertThrows(
                RuntimeException.class,
                () ->
                    workers.run(
                        4,
                        (i, slot) -> {
                          if (i == bad) {
                            throw broken;
                          }
                        })));
        AtomicInteger done = new AtomicInteger();
        workers.run(4, (i, slot) -> done.incrementAndGet());
        assertEquals(4, done.get());
      }
    }
  }

  @Test
  void closingEndsWorkersThatHaveParked() throws InterruptedException {
    ConcurrentLinkedQueue<Thread> seen = new ConcurrentLinkedQueue<>();
    Workers workers = new Workers(3);
    CyclicBarrier all = new CyclicBarrier(3);
    workers.run(
        3,
        (i, slot) -> {
          meet(all);
          seen.add(Thread.currentThread());
        });
    Thread.sleep(LONG_MILLIS);
    workers.close();
    assertEquals(3, seen.size());
    for (Thread thread : seen) {
      assertFalse(thread.isAlive() && thread != Thread.currentThread(), thread.getName());
    }
  }

  private static void meet(CyclicBarrier all) {
    try {
      all.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("a worker did not come", e);
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
