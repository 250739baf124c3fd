package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A card that is none: its memory is native memory, its kernels run in an {@link Emulator} or, with
 * none, nowhere. Keeps account of everything that was asked of it.
 */
final class EmulatedDriver implements Driver {

  private final @Nullable Emulator emulator;
  private final Device device;
  private final Map<Long, Arena> memory = new HashMap<>();
  private final Map<Long, Long> sizes = new HashMap<>();
  private final Map<Long, List<Launch>> graphs = new HashMap<>();
  private long nextGraph = 1;

  /** Kernels launched alone, since the beginning. */
  final List<Launch> launches = new ArrayList<>();

  /** Graphs launched, since the beginning. */
  final List<Long> launchedGraphs = new ArrayList<>();

  /** Launches until it fails for good; negative for never. */
  int launchesLeft = -1;

  /** Copies to the card. */
  int uploads;

  /** Copies from the card. */
  int downloads;

  /** Times that it was closed. */
  int closed;

  EmulatedDriver(@Nullable Emulator emulator, long bytes) {
    this(emulator, bytes, 90);
  }

  /**
   * @param capability as 75 or 90
   */
  EmulatedDriver(@Nullable Emulator emulator, long bytes, int capability) {
    this.emulator = emulator;
    this.device =
        new Device(0, "emulated card", capability / 10, capability % 10, 12_040, 4, bytes);
  }

  /** Pieces of memory that have not been freed. */
  int pieces() {
    return memory.size();
  }

  /** Graphs that have not been destroyed. */
  int graphs() {
    return graphs.size();
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public long freeBytes() {
    return device.bytes() - sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public long allocate(long bytes) {
    if (bytes > freeBytes()) {
      throw new OutOfDeviceMemoryException(device, bytes, freeBytes());
    }
    Arena arena = Arena.ofShared();
    long address = arena.allocate(bytes, 256).address();
    memory.put(address, arena);
    sizes.put(address, bytes);
    return address;
  }

  @Override
  public void free(long address) {
    Arena arena = memory.remove(address);
    if (arena == null) {
      throw new AssertionError("freed what was not allocated");
    }
    arena.close();
    sizes.remove(address);
  }

  private MemorySegment at(long address, long bytes) {
    for (Map.Entry<Long, Long> piece : sizes.entrySet()) {
      long offset = address - piece.getKey();
      if (offset >= 0 && offset + bytes <= piece.getValue()) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
      }
    }
    throw new AssertionError(bytes + " bytes that were not allocated");
  }

  @Override
  public void fillZero(long address, long bytes) {
    at(address, bytes).fill((byte) 0);
  }

  @Override
  public void upload(long to, MemorySegment from) {
    uploads++;
    at(to, from.byteSize()).copyFrom(from);
  }

  @Override
  public void download(MemorySegment to, long from) {
    refuseLost();
    downloads++;
    to.copyFrom(at(from, to.byteSize()));
  }

  @Override
  public void copy(long to, long from, long bytes) {
    at(to, bytes).copyFrom(at(from, bytes));
  }

  @Override
  public void launch(Launch launch) {
    launches.add(launch);
    run(launch);
  }

  private void refuseLost() {
    if (launchesLeft == 0) {
      throw new DeviceLostException(device, "launch failure");
    }
  }

  private void run(Launch launch) {
    refuseLost();
    if (launchesLeft > 0) {
      launchesLeft--;
    }
    if (emulator != null) {
      emulator.launch(launch);
    }
  }

  @Override
  public long graph(List<Launch> sequence) {
    graphs.put(nextGraph, List.copyOf(sequence));
    return nextGraph++;
  }

  @Override
  public void launchGraph(long graph) {
    launchedGraphs.add(graph);
    graphs.get(graph).forEach(this::run);
  }

  @Override
  public void destroyGraph(long graph) {
    if (graphs.remove(graph) == null) {
      throw new AssertionError("destroyed what was no graph");
    }
  }

  @Override
  public void await() {}

  @Override
  public void close() {
    closed++;
  }
}
