package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A card as one model uses it: memory, launches that wait to be sent, and copies that come in their
 * order.
 */
final class Card implements AutoCloseable {

  /** Threads of a block where nothing speaks for another number. */
  static final int THREADS = 256;

  private static final long ALIGNMENT = 64;
  private static final long FIRST_STAGING = 1 << 16;

  private final Driver driver;
  private final Commands commands;
  private final DeviceMemory memory;
  private final Arena arena = Arena.ofShared();
  private MemorySegment staging = arena.allocate(FIRST_STAGING, ALIGNMENT);

  /**
   * @param driver closed with this
   */
  Card(Driver driver) {
    this.driver = driver;
    this.commands = new Commands(driver);
    this.memory = new DeviceMemory(driver, () -> sent().await());
  }

  Device device() {
    return driver.device();
  }

  /**
   * Refuses what will not fit.
   *
   * @throws OutOfDeviceMemoryException if fewer bytes are free
   */
  void require(long bytes, String what) {
    long free = driver.freeBytes();
    if (bytes > free) {
      throw new OutOfDeviceMemoryException(driver.device(), what, bytes, free);
    }
  }

  /** Bytes taken from the card; may be asked by any thread. */
  long heldBytes() {
    return memory.bytes();
  }

  /** Runs a kernel with a thread for each of {@code n} numbers. */
  void each(String kernel, int n, Object... arguments) {
    over(kernel, Math.ceilDiv(n, THREADS), 1, THREADS, arguments);
  }

  /**
   * Runs a kernel over {@code columns x rows} blocks.
   *
   * @param arguments in the order of its parameters: buffers, addresses (long), int, float
   */
  void over(String kernel, int columns, int rows, int threads, Object... arguments) {
    long[] slots = new long[arguments.length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot(arguments[i]);
    }
    commands.add(new Launch(kernel, columns, rows, threads, slots));
  }

  private static long slot(Object argument) {
    return switch (argument) {
      case CudaBuffer buffer -> buffer.address();
      case Long address -> address;
      case Integer number -> number & 0xffffffffL;
      case Float number -> Float.floatToRawIntBits(number) & 0xffffffffL;
      default -> throw new IllegalArgumentException("no argument of a kernel: " + argument);
    };
  }

  /** Sends what waits, so that a copy that follows comes after it. */
  Driver sent() {
    commands.send();
    return driver;
  }

  /** Memory of any content, kept as long as {@code holder} is reachable. */
  long allocate(long bytes, Object holder) {
    return memory.allocate(bytes, holder);
  }

  /** A buffer of any content. */
  CudaBuffer room(int batch, int time, int channels) {
    if (batch < 1 || time < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "a buffer of [" + batch + "," + time + "," + channels + "]");
    }
    int length = Math.multiplyExact(Math.multiplyExact(batch, time), channels);
    return new CudaBuffer(this, numbers(length), batch, time, channels);
  }

  /** Memory for that many numbers of four bytes, of any content. */
  CudaBuffer.Memory numbers(long length) {
    return new CudaBuffer.Memory(memory, length);
  }

  void read(long address, float[] into, int at, int count) {
    MemorySegment host = staging((long) Float.BYTES * count);
    sent().download(host, address);
    MemorySegment.copy(host, ValueLayout.JAVA_FLOAT, 0, into, at, count);
  }

  void write(long address, float[] from, int at, int count) {
    MemorySegment host = staging((long) Float.BYTES * count);
    MemorySegment.copy(from, at, host, ValueLayout.JAVA_FLOAT, 0, count);
    sent().upload(address, host);
  }

  /** Native memory for a copy; one copy is under way at a time. */
  MemorySegment staging(long bytes) {
    if (staging.byteSize() < bytes) {
      staging = arena.allocate(Math.max(bytes, 2 * staging.byteSize()), ALIGNMENT);
    }
    return staging.asSlice(0, bytes);
  }

  /** Frees all memory on the card that was made here. */
  @Override
  public void close() {
    try {
      commands.close();
      memory.close();
    } finally {
      driver.close();
      arena.close();
    }
  }
}
