package rwkv.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * One product of a matrix and a vector, what a decoded token consists of. {@code gigabytes} is what
 * counts: 10⁹ bytes of weights read per second.
 *
 * <p>The matrix has copies, used in turn, until all together no cache holds them; with {@code -p
 * cold=false} it is always the same one.
 *
 * <pre>
 * mvn -Pbench -pl engine test-compile exec:exec@bench -Dbench="MatrixVector -p size=2048x2048"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xmx1g"
    })
public class MatrixVectorBenchmark {

  private static final long COLD_BYTES = 256L << 20;

  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_1", "Q4_K", "Q6_K"})
  DType dtype;

  /** Rows (out) by columns (in). */
  @Param({"768x768", "2048x2048", "4096x4096", "65536x768"})
  String size;

  @Param("true")
  boolean cold;

  @Param("cpu")
  String backend;

  /** 0 for one thread for every processor. */
  @Param("0")
  int threads;

  private Arena arena;
  private Kernels kernels;
  private Matrix[] copies;
  private Buffer x;
  private Buffer out;
  private int next;

  /** Bytes of weights read. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Traffic {
    /** In units of 10⁹ bytes. */
    public double gigabytes;
  }

  @Setup
  public void open() {
    String[] sides = size.split("x");
    int rows = Integer.parseInt(sides[0]);
    int columns = Integer.parseInt(sides[1]);
    arena = Arena.ofShared();
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    kernels = Backends.installed().choose(backend).open(count);
    Shape shape = Shape.of(rows, columns);
    long bytes = dtype.bytes(shape.count());
    copies = new Matrix[cold ? (int) Math.ceilDiv(COLD_BYTES, bytes) : 1];
    Random random = new Random(1);
    for (int i = 0; i < copies.length; i++) {
      MemorySegment data = arena.allocate(bytes, 64);
      if (dtype.isQuantised()) {
        RandomBlocks.fill(data, dtype, 1, random);
      } else {
        for (long at = 0; at < bytes; at += 2) {
          // Some small number in every type: two bytes of f32, or a whole f16 or bf16.
          data.set(ValueLayout.JAVA_SHORT, at, (short) (0x2c00 + random.nextInt(0x400)));
        }
      }
      copies[i] = kernels.matrix(new Tensor("weight", dtype, shape, data));
    }
    x = kernels.buffer(1, 1, columns);
    out = kernels.buffer(1, 1, rows);
    float[] values = new float[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    x.write(0, values, 0, columns);
  }

  @Benchmark
  public Buffer product(Traffic traffic) {
    Matrix matrix = copies[next++ % copies.length];
    kernels.matmul(out, x, matrix);
    traffic.gigabytes += matrix.bytes() * 1e-9;
    return out;
  }

  @TearDown
  public void close() {
    kernels.close();
    arena.close();
  }
}
