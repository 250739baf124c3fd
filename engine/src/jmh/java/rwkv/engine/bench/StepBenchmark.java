package rwkv.engine.bench;

import java.nio.file.Path;
import java.util.Arrays;
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
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.tensor.DType;
import rwkv.engine.trace.Trace;

/**
 * A whole forward pass of a model: one token ({@code decode}) or {@code chunk} tokens at once
 * ({@code prefill}). {@code tokens} per second count; {@code gigabytes} are 10⁹ bytes of weights
 * read per second.
 *
 * <p>The model is a file ({@code -p model=FILE}) or random weights of a shape: layers x channels x
 * vocabulary, stored as bf16, head size 64.
 *
 * <pre>
 * mvn -Pbench -pl engine test-compile exec:exec@bench -Dbench=Step
 * mvn -Pbench -pl engine test-compile exec:exec@bench -Dbench="Step -p model=../sample-models/stories-v7/stories-v7.pth"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xmx1g"
    })
public class StepBenchmark {

  @Param("12x768x65536")
  String model;

  @Param("128")
  int chunk;

  @Param("cpu")
  String backend;

  /** 0 for one thread for every processor. */
  @Param("0")
  int threads;

  private Checkpoint checkpoint;
  private Kernels kernels;
  private Rwkv rwkv;
  private rwkv.engine.model.State state;
  private Buffer logits;
  private int[] tokens;
  private int next;

  /** What was done. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Stepped over. */
    public long tokens;

    /** Weights read, in units of 10⁹ bytes. */
    public double gigabytes;

    private void add(int count, Rwkv model) {
      tokens += count;
      gigabytes += model.weightBytesPerToken() * 1e-9;
    }
  }

  @Setup
  public void open() {
    checkpoint = checkpoint();
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    kernels = Backends.installed().choose(backend).open(count);
    rwkv = Rwkv.load(checkpoint, kernels, Progress.NONE);
    state = rwkv.state(1);
    logits = rwkv.logits(1, 1);
    tokens = new Random(1).ints(4096, 0, rwkv.spec().vocabulary()).toArray();
  }

  private Checkpoint checkpoint() {
    if (!model.matches("\\d+x\\d+(x\\d+)?")) {
      return Checkpoints.open(Path.of(model));
    }
    return RandomModel.official(ModelShape.parse(model), DType.BF16, 1);
  }

  @Benchmark
  public Buffer decode(Work work) {
    return step(1, work);
  }

  @Benchmark
  public Buffer prefill(Work work) {
    return step(chunk, work);
  }

  private Buffer step(int count, Work work) {
    int from = Math.floorMod(next, tokens.length - count);
    next += count;
    rwkv.forward(logits, Arrays.copyOfRange(tokens, from, from + count), count, state, Trace.OFF);
    work.add(count, rwkv);
    return logits;
  }

  @TearDown
  public void close() {
    kernels.close();
    checkpoint.close();
  }
}
