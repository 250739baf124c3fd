package rwkv.engine.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.check.KernelCase;

/**
 * The cases that every backend is compared on, timed: a case's kernels are called again and again
 * as the case calls them, without making its input anew. Its sizes are small and awkward, so this
 * tells about overhead; {@link MatrixVectorBenchmark} has the sizes of models.
 *
 * <pre>
 * mvn -Pbench -pl engine test-compile exec:exec@bench \
 *     -Dbench.main=rwkv.engine.bench.KernelBenchmark -Dbench="wkv7.*"
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
public class KernelBenchmark {

  /** A case's name; {@link #main} sets those that are wanted. */
  @Param("matmul F32 [1,64] x [64,64]")
  String kernel;

  @Param("cpu")
  String backend;

  /** 0 for one thread for every processor. */
  @Param("0")
  int threads;

  private Kernels kernels;
  private Call[] calls;

  /** A kernel and what it is called with. */
  private record Call(Kernels kernels, Method method, Object[] arguments) {
    Object run() {
      try {
        return method.invoke(kernels, arguments);
      } catch (InvocationTargetException e) {
        throw new IllegalStateException(method.getName() + " failed", e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * Times the cases whose names match.
   *
   * @param args a regular expression, or nothing for all cases
   */
  public static void main(String... args) throws RunnerException {
    String wanted = args.length == 0 ? ".*" : String.join(" ", args);
    String[] names =
        KernelCase.all().stream()
            .map(KernelCase::name)
            .filter(name -> name.matches(wanted))
            .toArray(String[]::new);
    if (names.length == 0) {
      throw new IllegalArgumentException("no kernel case is called " + wanted);
    }
    String self = KernelBenchmark.class.getName().replace(".", "\\.");
    new Runner(new OptionsBuilder().include(self).param("kernel", names).build()).run();
  }

  @Setup
  public void open() {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    kernels = Backends.installed().choose(backend).open(count);
    List<Call> recorded = new ArrayList<>();
    Kernels recorder =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (_, method, arguments) -> record(recorded, method, arguments));
    KernelCase.all().stream()
        .filter(one -> one.name().equals(kernel))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kernel case is called " + kernel))
        .body()
        .run(new KernelCase.Input(recorder, new Random(1)));
    calls = recorded.toArray(Call[]::new);
  }

  /** Kernels give nothing back; what does makes buffers and weights. */
  private Object record(List<Call> recorded, Method method, Object[] arguments) {
    Call call = new Call(kernels, method, arguments);
    if (method.getReturnType() == void.class) {
      recorded.add(call);
    }
    return call.run();
  }

  @Benchmark
  public Object calls() {
    for (Call call : calls) {
      call.run();
    }
    return calls;
  }

  @TearDown
  public void close() {
    kernels.close();
  }
}
