package rwkv.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reads a region of memory as fast as it can: what one decoded token could reach at best, since it
 * must read every weight once. Threads claim blocks one by one, as they do in a product, so a
 * thread that loses its processor to another program holds up one block and not its share of the
 * region.
 */
public final class MemoryReader implements AutoCloseable {

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int WIDTH = LONGS.vectorByteSize();
  private static final long LARGEST_BLOCK = 1 << 20;
  private static final long PAGE = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment region;
  private final long block;
  private final int threads;
  private final AtomicLong sink = new AtomicLong();

  /**
   * Takes and touches a region.
   *
   * @param bytes of the region; rounded up to whole pages
   * @param threads that read it, at least 1
   * @throws OutOfMemoryError if there is not so much memory
   */
  public MemoryReader(long bytes, int threads) {
    long rounded = Math.ceilDiv(Math.max(1, bytes), PAGE) * PAGE;
    this.threads = threads;
    this.region = arena.allocate(rounded, PAGE);
    this.block = Math.min(LARGEST_BLOCK, Math.ceilDiv(rounded / PAGE, 4L * threads) * PAGE);
    // Pages that were never written to may all be the same page of zeros, which a cache holds.
    for (long at = 0; at < rounded; at += 8) {
      region.set(ValueLayout.JAVA_LONG, at, at);
    }
  }

  /** Bytes of the region. */
  public long bytes() {
    return region.byteSize();
  }

  /**
   * Reads the whole region so often that it takes about that long.
   *
   * @return bytes per second
   */
  public double measure(double seconds) {
    double first = read(1);
    double passes = seconds * first / bytes();
    return read((int) Math.clamp(Math.round(passes), 1, 1_000_000));
  }

  private double read(int passes) {
    long blocks = Math.ceilDiv(bytes(), block);
    AtomicLong next = new AtomicLong();
    Runnable work =
        () -> {
          long sum = 0;
          for (long i = next.getAndIncrement(); i < blocks * passes; i = next.getAndIncrement()) {
            long from = i % blocks * block;
            sum += sum(region, from, Math.min(bytes(), from + block));
          }
          sink.addAndGet(sum);
        };
    return (double) bytes() * passes / together(work);
  }

  /** Runs it on all threads, this one included; the seconds from when all were there. */
  private double together(Runnable work) {
    CountDownLatch ready = new CountDownLatch(threads - 1);
    CountDownLatch start = new CountDownLatch(1);
    Thread[] others = new Thread[threads - 1];
    for (int i = 0; i < others.length; i++) {
      others[i] =
          Thread.ofPlatform()
              .daemon()
              .name("rwkv-memory-" + (i + 1))
              .start(() -> {
                ready.countDown();
                await(start);
                work.run();
              });
    }
    await(ready);
    long begin = System.nanoTime();
    start.countDown();
    work.run();
    for (Thread other : others) {
      join(other);
    }
    return (System.nanoTime() - begin) * 1e-9;
  }

  /** Four streams side by side, which is what products do and a little faster than one. */
  private static long sum(MemorySegment m, long from, long until) {
    long stride = (until - from) / 4;
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (long o = from; o < from + stride; o += WIDTH) {
      a = a.add(LongVector.fromMemorySegment(LONGS, m, o, ORDER));
      b = b.add(LongVector.fromMemorySegment(LONGS, m, o + stride, ORDER));
      c = c.add(LongVector.fromMemorySegment(LONGS, m, o + 2 * stride, ORDER));
      d = d.add(LongVector.fromMemorySegment(LONGS, m, o + 3 * stride, ORDER));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static IllegalStateException interrupted() {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while measuring");
  }

  /** Gives the region back. */
  @Override
  public void close() {
    arena.close();
  }
}
