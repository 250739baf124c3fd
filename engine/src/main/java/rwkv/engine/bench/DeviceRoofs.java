package rwkv.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * What a device can do at best, measured on it: the bounds that everything else is held against.
 *
 * @param bytesPerSecond moved by a copy of a region that no cache holds, read and written bytes
 *     alike; for the processor, read by all threads
 * @param operationsPerSecond of a large product of bf16 weights, a multiply-add being two
 * @param copied bytes of that region
 * @param product its size, as in "2048 x 4096 x 16384"
 */
public record DeviceRoofs(
    double bytesPerSecond, double operationsPerSecond, long copied, String product) {

  /** Numbers in a row of what is copied. */
  private static final int ROW = 1024;

  /**
   * Measures.
   *
   * @param kernels of that backend
   * @param threads they were opened with
   */
  static DeviceRoofs measure(
      Backend backend, Kernels kernels, int threads, DevicePlan plan, Stopwatch watch) {
    int[] sizes = {plan.product(), 2 * plan.product(), 8 * plan.product()};
    double operations = product(kernels, sizes, watch);
    String product = "%d x %d x %d".formatted(sizes[0], sizes[1], sizes[2]);
    DeviceFacts facts = backend.facts();
    if (facts == null) {
      try (MemoryReader reader = new MemoryReader(plan.copied(), threads)) {
        reader.measure(watch.seconds());
        return new DeviceRoofs(
            reader.measure(watch.seconds()), operations, reader.bytes(), product);
      }
    }
    long most = Math.min(plan.copied(), facts.freeBytes() / 4);
    int rows = (int) Math.max(1, most / Float.BYTES / ROW);
    Buffer from = kernels.buffer(1, rows, ROW);
    Buffer to = kernels.buffer(1, rows, ROW);
    double seconds = watch.of(() -> kernels.copy(to, from), to).median();
    long copied = (long) from.length() * Float.BYTES;
    return new DeviceRoofs(2 * copied / seconds, operations, copied, product);
  }

  private static double product(Kernels kernels, int[] sizes, Stopwatch watch) {
    Random random = new Random(1);
    Buffer x = kernels.buffer(1, sizes[0], sizes[1]);
    float[] row = new float[sizes[1]];
    for (int t = 0; t < sizes[0]; t++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextFloat() - 0.5f;
      }
      x.write(t * row.length, row, 0, row.length);
    }
    Buffer out = kernels.buffer(1, sizes[0], sizes[2]);
    try (Arena arena = Arena.ofShared()) {
      Matrix weight = kernels.matrix(weight(arena, sizes, random));
      double seconds = watch.of(() -> kernels.matmul(out, x, weight), out).median();
      return 2.0 * sizes[0] * sizes[1] * sizes[2] / seconds;
    }
  }

  private static Tensor weight(Arena arena, int[] sizes, Random random) {
    long count = (long) sizes[1] * sizes[2];
    MemorySegment data = arena.allocate(DType.BF16.bytes(count), 64);
    for (long i = 0; i < count; i++) {
      float value = (random.nextFloat() - 0.5f) / 32;
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >> 16));
    }
    return new Tensor("product", DType.BF16, Shape.of(sizes[2], sizes[1]), data);
  }

  /** Seconds that so many bytes and operations take at least. */
  public double floor(double bytes, double operations) {
    return Math.max(bytes / bytesPerSecond, operations / operationsPerSecond);
  }
}
