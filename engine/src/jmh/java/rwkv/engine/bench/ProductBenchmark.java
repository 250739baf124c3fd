package rwkv.engine.bench;

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
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;

/**
 * Products of training, with weights that change at every step: forward, and the gradients of both
 * sides. Each takes tokens · in · out multiply-adds; 1024 x 1024 -> 1024 is what other sizes are
 * compared with.
 *
 * <pre>
 * mvn -Pbench -pl engine test-compile exec:exec@bench -Dbench="ProductBenchmark -p threads=1"
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
public class ProductBenchmark {

  /** Tokens, inputs and outputs. */
  @Param({
    "1024 1024 1024",
    "2048 96 384",
    "2048 384 96",
    "4096 256 256",
    "2048 256 2000",
    "1024 128 100",
    "2048 256 32",
    "2048 32 256"
  })
  String size;

  /** 0 for one thread for every processor. */
  @Param("0")
  int threads;

  private Kernels kernels;
  private Gradients gradients;
  private Buffer x;
  private Buffer out;
  private Buffer weight;
  private Buffer dX;
  private Buffer dWeight;

  @Setup
  public void open() {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    kernels = Backends.installed().choose("cpu").open(count);
    gradients = kernels.gradients();
    String[] numbers = size.split(" ");
    int tokens = Integer.parseInt(numbers[0]);
    int in = Integer.parseInt(numbers[1]);
    int outputs = Integer.parseInt(numbers[2]);
    Random random = new Random(1);
    x = random(1, tokens, in, random);
    out = random(1, tokens, outputs, random);
    weight = random(1, 1, in * outputs, random);
    dX = kernels.buffer(1, tokens, in);
    dWeight = kernels.buffer(1, 1, in * outputs);
  }

  private Buffer random(int batch, int time, int channels, Random random) {
    Buffer buffer = kernels.buffer(batch, time, channels);
    float[] values = new float[buffer.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    buffer.write(0, values, 0, values.length);
    return buffer;
  }

  @Benchmark
  public Object forward() {
    gradients.product(out, x, weight, 0, false);
    return out;
  }

  @Benchmark
  public Object forwardSwapped() {
    gradients.product(out, x, weight, 0, true);
    return out;
  }

  @Benchmark
  public Object gradientOfX() {
    gradients.product(dX, null, out, x, weight, 0, false);
    return dX;
  }

  @Benchmark
  public Object gradientOfWeight() {
    gradients.product(null, dWeight, out, x, weight, 0, false);
    return dWeight;
  }

  @TearDown
  public void close() {
    kernels.close();
  }
}
