package rwkv.engine.backend.cuda;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;
import rwkv.engine.backend.RecurrenceGradients.State4;

/** What the training kernels compute, emulated, against vectors that were made in f64. */
class CudaGradientVectorsTest {

  /** Of f32 arithmetic over some ten tokens; about ten times the most that is found. */
  private static final double BOUND = 4e-12;

  /** The exponent of RWKV-7's decay: −c σ(x). */
  private static final double C = Math.exp(-0.5);

  private static final long GIGABYTE = 1L << 30;

  @TempDir static Path folder;

  private static Emulator emulator;

  @BeforeAll
  static void compile() throws Exception {
    emulator = Emulators.compile(folder);
  }

  /** What is run on a card. */
  private record Run(WkvGradients gradients, GradientVectors vectors) {

    void check(String of, Buffer actual) {
      vectors.check(of, BOUND, actual);
    }
  }

  private static void run(String name, String type, Consumer<Run> test) {
    try (CudaKernels kernels = new CudaKernels(new EmulatedDriver(emulator, GIGABYTE));
        GradientVectors vectors = new GradientVectors(kernels, name, type)) {
      test.accept(new Run((WkvGradients) kernels.recurrenceGradients(), vectors));
      vectors.checkGuards();
    }
  }

  @ParameterizedTest
  @CsvSource({"wkv4_c8,f32", "wkv4_c8,f64", "wkv4_c64_stress,f32", "wkv4_c64_stress,f64"})
  void version4AgreesWithTheVectors(String name, String type) {
    run(name, type, CudaGradientVectorsTest::version4);
  }

  private static void version4(Run run) {
    GradientVectors c = run.vectors;
    Buffer w = c.buffer("in.time_decay", x -> -Math.exp(x));
    Buffer u = c.buffer("in.time_first");
    Buffer k = c.buffer("in.k");
    Buffer v = c.buffer("in.v");
    Buffer y = c.noTokens();
    double[] nothing = new double[c.batch * c.channels];
    Arrays.fill(nothing, -1e38);
    double[] zeros = new double[nothing.length];
    State4 state = new State4(c.buffer(zeros), c.buffer(zeros), c.buffer(nothing));
    WkvGradients.Kept kept = run.gradients.keep4(y, state, w, u, k, v);
    run.check("out.y", y);

    Buffer dW = c.noRow();
    Buffer dU = c.noRow();
    Buffer dK = c.noTokens();
    Buffer dV = c.noTokens();
    Buffer dY = c.buffer("up.grad_y");
    run.gradients.back4(dW, dU, dK, dV, null, dY, null, kept, w, u, k, v);
    c.checkThrough("time_decay", BOUND, x -> -Math.exp(x), dW);
    run.check("grad.time_first", dU);
    run.check("grad.k", dK);
    run.check("grad.v", dV);
  }

  @ParameterizedTest
  @CsvSource({"wkv5_n8,f32", "wkv5_n8,f64", "wkv5_n64,f32", "wkv5_n64,f64"})
  void version5AgreesWithTheVectors(String name, String type) {
    run(
        name,
        type,
        run -> {
          GradientVectors c = run.vectors;
          Buffer w = c.buffer("in.time_decay", x -> Math.exp(-Math.exp(x)));
          Buffer dW = c.noRow();
          version6(run, w, dW, c.noState(), null, null);
          c.checkThrough("time_decay", BOUND, CudaGradientVectorsTest::slope6, dW);
        });
  }

  @ParameterizedTest
  @CsvSource({"wkv6_n8,f32", "wkv6_n8,f64", "wkv6_n64,f32", "wkv6_n64,f64"})
  void version6AgreesWithTheVectors(String name, String type) {
    run(
        name,
        type,
        run -> {
          GradientVectors c = run.vectors;
          Buffer w = c.buffer("in.w", x -> Math.exp(-Math.exp(x)));
          Buffer dW = c.noTokens();
          Buffer state = c.buffer("in.s0");
          Buffer dBefore = c.noState();
          version6(run, w, dW, state, dBefore, c.buffer("up.grad_sT"));
          run.check("out.sT", state);
          c.checkThrough("w", BOUND, CudaGradientVectorsTest::slope6, dW);
          run.check("grad.s0", dBefore);
        });
  }

  /** Of exp(−exp(x)). */
  private static double slope6(double x) {
    return -Math.exp(x - Math.exp(x));
  }

  private static void version6(
      Run run, Buffer w, Buffer dW, Buffer state, Buffer dBefore, Buffer dAfter) {
    GradientVectors c = run.vectors;
    Buffer r = c.buffer("in.r");
    Buffer k = c.buffer("in.k");
    Buffer v = c.buffer("in.v");
    Buffer u = c.buffer("in.u");
    Buffer y = c.noTokens();
    WkvGradients.Kept kept = run.gradients.keep6(y, state, r, w, k, v, u, c.heads);
    run.check("out.y", y);
    Buffer dR = c.noTokens();
    Buffer dK = c.noTokens();
    Buffer dV = c.noTokens();
    Buffer dU = c.noRow();
    Buffer dY = c.buffer("up.grad_y");
    run.gradients.back6(dR, dW, dK, dV, dU, dBefore, dY, dAfter, kept, r, w, k, v, u, c.heads);
    run.check("grad.r", dR);
    run.check("grad.k", dK);
    run.check("grad.v", dV);
    run.check("grad.u", dU);
  }

  /** The fastest decay is no less exact, since nothing is divided by it. */
  @ParameterizedTest
  @CsvSource({
    "wkv7_n8,f32",
    "wkv7_n8,f64",
    "wkv7_n64,f32",
    "wkv7_n64,f64",
    "wkv7_n64_fastdecay,f32",
    "wkv7_n64_fastdecay,f64"
  })
  void version7AgreesWithTheVectors(String name, String type) {
    run(name, type, CudaGradientVectorsTest::version7);
  }

  private static void version7(Run run) {
    GradientVectors c = run.vectors;
    double[] minusKey = c.numbers("in.a");
    double[] rate = c.numbers("in.b");
    Arrays.setAll(rate, i -> minusKey[i] == 0 ? 0 : -rate[i] / minusKey[i]);
    Inputs7 in =
        new Inputs7(
            c.buffer("in.r"),
            c.buffer("in.w", x -> Math.exp(-C / (1 + Math.exp(-x)))),
            c.buffer("in.k"),
            c.buffer("in.v"),
            c.buffer("in.a", x -> -x),
            c.buffer(rate));
    Buffer y = c.noTokens();
    Buffer state = c.buffer("in.s0");
    WkvGradients.Kept kept = run.gradients.keep7(y, state, in, c.heads);
    run.check("out.y", y);
    run.check("out.sT", state);

    Buffer dR = c.noTokens();
    Buffer dW = c.noTokens();
    Buffer dK = c.noTokens();
    Buffer dV = c.noTokens();
    Buffer dKey = c.noTokens();
    Buffer dRate = c.noTokens();
    Buffer dBefore = c.noState();
    run.gradients.back7(
        new Inputs7(dR, dW, dK, dV, dKey, dRate),
        dBefore,
        c.buffer("up.grad_y"),
        c.buffer("up.grad_sT"),
        kept,
        in,
        c.heads);
    run.check("grad.r", dR);
    c.checkThrough("w", BOUND, CudaGradientVectorsTest::slope7, dW);
    run.check("grad.k", dK);
    run.check("grad.v", dV);
    run.check("grad.s0", dBefore);
    // The vectors have gradients of −κ̂ and κ̂ ∘ a as if they were independent.
    double[] dMinusKey = c.numbers("grad.a");
    double[] dErase = c.numbers("grad.b");
    double[] key = new double[rate.length];
    Arrays.setAll(key, i -> dErase[i] * rate[i] - dMinusKey[i]);
    Arrays.setAll(dErase, i -> -dErase[i] * minusKey[i]);
    c.check("grad of the key", BOUND, key, dKey);
    c.check("grad of the rate", BOUND, dErase, dRate);
  }

  /** Of exp(−c σ(x)). */
  private static double slope7(double x) {
    double sigmoid = 1 / (1 + Math.exp(-x));
    return -C * sigmoid * (1 - sigmoid) * Math.exp(-C * sigmoid);
  }
}
