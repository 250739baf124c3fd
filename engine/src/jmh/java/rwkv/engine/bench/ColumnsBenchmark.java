package rwkv.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.check.RandomBlocks;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * The value product of channel mixing by rows ({@code dense}) and by columns ({@code columns}),
 * with a share of the inputs zero. Copies of the matrix are used in turn, so that no cache holds
 * them.
 *
 * <pre>
 * mvn -Pbench -pl engine test-compile exec:exec@bench -Dbench="Columns -p size=768x3072 -p tokens=1"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xmx1g"
    })
public class ColumnsBenchmark {

  private static final long COLD_BYTES = 128L << 20;

  @Param({"BF16", "F16", "Q8_0", "Q4_0"})
  DType dtype;

  /** Rows (out) by columns (in). */
  @Param({"768x3072", "2048x8192"})
  String size;

  /** Share of the inputs that are zero. */
  @Param({"0", "0.5", "0.9"})
  double zeros;

  @Param("1")
  int tokens;

  /** 0 for one thread for every processor. */
  @Param("0")
  int threads;

  private Arena arena;
  private Kernels kernels;
  private Matrix[] rows;
  private Matrix[] columns;
  private Buffer x;
  private Buffer out;
  private int next;

  @Setup
  public void open() {
    String[] sides = size.split("x");
    Shape shape = Shape.of(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    int in = (int) shape.size(1);
    arena = Arena.ofShared();
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    kernels = Backends.installed().choose("cpu").open(count);
    long bytes = dtype.bytes(shape.count());
    int copies = (int) Math.ceilDiv(COLD_BYTES, bytes);
    rows = new Matrix[copies];
    columns = new Matrix[copies];
    Random random = new Random(1);
    for (int i = 0; i < copies; i++) {
      Tensor tensor = new Tensor("weight", dtype, shape, weights(bytes, random));
      rows[i] = kernels.matrix(tensor);
      columns[i] = kernels.columns(tensor);
    }
    x = kernels.buffer(1, tokens, in);
    out = kernels.buffer(1, tokens, (int) shape.size(0));
    float[] values = new float[x.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() < zeros ? 0 : random.nextFloat();
    }
    x.write(0, values, 0, values.length);
  }

  private MemorySegment weights(long bytes, Random random) {
    MemorySegment data = arena.allocate(bytes, 64);
    if (dtype.isQuantised()) {
      RandomBlocks.fill(data, dtype, 1, random);
    } else {
      for (long at = 0; at < bytes; at += 2) {
        data.set(ValueLayout.JAVA_SHORT, at, (short) (0x2c00 + random.nextInt(0x400)));
      }
    }
    return data;
  }

  @Benchmark
  public Buffer dense() {
    kernels.matmul(out, x, rows[next++ % rows.length]);
    return out;
  }

  @Benchmark
  public Buffer columns() {
    kernels.matmul(out, x, columns[next++ % columns.length]);
    return out;
  }

  @TearDown
  public void close() {
    kernels.close();
    arena.close();
  }
}
