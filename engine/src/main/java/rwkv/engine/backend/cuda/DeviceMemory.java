package rwkv.engine.backend.cuda;

import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The card's memory that one model uses. A buffer's memory is given back when nobody holds the
 * buffer any more, as Java gives back an array; blocks given back are kept for the next buffer of
 * their size, and all of them are freed when the model is closed.
 */
final class DeviceMemory {

  /** Blocks start at such addresses, and sizes are rounded up to such. */
  private static final long GRAIN = 256;

  private final Driver driver;
  private final Runnable settled;
  private final Cleaner cleaner = Cleaner.create();

  /** Of all blocks: their sizes. */
  private final Map<Long, Long> sizes = new HashMap<>();

  /** The sum of those sizes, for other threads. */
  private final AtomicLong held = new AtomicLong();

  /** Blocks that nobody uses, by their size. */
  private final Map<Long, Queue<Long>> idle = new HashMap<>();

  /** Blocks whose holder has gone; written by the cleaner's thread. */
  private final Queue<Long> left = new ConcurrentLinkedQueue<>();

  /**
   * @param settled waits until nothing that was asked for so far will touch memory any more
   */
  DeviceMemory(Driver driver, Runnable settled) {
    this.driver = driver;
    this.settled = settled;
  }

  /**
   * Memory of any content.
   *
   * @param holder keeps the memory as long as it is reachable
   * @throws OutOfDeviceMemoryException if there is not as much
   */
  long allocate(long bytes, Object holder) {
    long address = block(Math.max(1, (bytes + GRAIN - 1) / GRAIN) * GRAIN);
    Queue<Long> to = left;
    cleaner.register(holder, () -> to.add(address));
    return address;
  }

  private long block(long size) {
    Long again = takeIdle(size);
    if (again != null) {
      return again;
    }
    long address;
    try {
      address = driver.allocate(size);
    } catch (OutOfDeviceMemoryException e) {
      if (!freeIdle()) {
        throw e;
      }
      address = driver.allocate(size);
    }
    sizes.put(address, size);
    held.addAndGet(size);
    return address;
  }

  private @Nullable Long takeIdle(long size) {
    for (Long address = left.poll(); address != null; address = left.poll()) {
      idle.computeIfAbsent(sizes.get(address), _ -> new ConcurrentLinkedQueue<>()).add(address);
    }
    Queue<Long> fitting = idle.get(size);
    return fitting == null ? null : fitting.poll();
  }

  private boolean freeIdle() {
    settled.run();
    boolean any = false;
    for (Queue<Long> blocks : idle.values()) {
      for (Long address = blocks.poll(); address != null; address = blocks.poll()) {
        Long size = sizes.remove(address);
        driver.free(address);
        held.addAndGet(size == null ? 0 : -size);
        any = true;
      }
    }
    return any;
  }

  /** Bytes taken from the card, in use or kept for the next buffer; may be asked by any thread. */
  long bytes() {
    return held.get();
  }

  /** Gives all memory back to the card, in use or not. */
  void close() {
    sizes.keySet().forEach(driver::free);
    sizes.clear();
    held.set(0);
    idle.clear();
  }
}
