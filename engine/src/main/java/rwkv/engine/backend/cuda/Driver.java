package rwkv.engine.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What is asked of one card: memory, copies and launches, all in one order. Addresses are the
 * card's. May be used by any thread, by one at a time.
 */
interface Driver extends AutoCloseable {

  Device device();

  /** Bytes that nobody uses now. */
  long freeBytes();

  /**
   * Memory of any content.
   *
   * @throws OutOfDeviceMemoryException if there is not as much
   */
  long allocate(long bytes);

  void free(long address);

  void fillZero(long address, long bytes);

  /** Copies native memory to the card; it may be written again afterwards. */
  void upload(long to, MemorySegment from);

  /** Waits for everything asked before, and copies from the card to native memory. */
  void download(MemorySegment to, long from);

  void copy(long to, long from, long bytes);

  /**
   * Runs a kernel.
   *
   * @throws IllegalArgumentException if there is no kernel of that name
   */
  void launch(Launch launch);

  /** Makes a graph of launches, each of which waits for the one before. */
  long graph(List<Launch> launches);

  /** Runs a graph. */
  void launchGraph(long graph);

  void destroyGraph(long graph);

  /** Waits for everything asked before. */
  void await();

  @Override
  void close();
}
