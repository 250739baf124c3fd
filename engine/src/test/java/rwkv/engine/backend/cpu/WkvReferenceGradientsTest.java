package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.ReferenceCase.map;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;
import rwkv.engine.backend.RecurrenceGradients.State4;

/** The recurrences and their gradients against numbers that were worked out elsewhere in f64. */
class WkvReferenceGradientsTest {

  private static final double TOLERANCE = 2e-5;
  private static final double TOLERANCE_7 = 1.1e-4;

  /** The exponent of RWKV-7's decay: −c σ(x). */
  private static final double C = Math.exp(-0.5);

  @ParameterizedTest
  @ValueSource(strings = {"wkv4_c8", "wkv4_c64_stress"})
  void version4AgreesWithTheReference(String name) {
    try (ReferenceCase c = new ReferenceCase(name, TOLERANCE)) {
      Buffer w = map(c.row("in.time_decay"), x -> -Math.exp(x));
      Buffer u = c.row("in.time_first");
      Buffer k = c.tokens("in.k");
      Buffer v = c.tokens("in.v");
      Buffer y = c.noTokens();
      State4 state = nothing(c);
      c.kernels.wkv4(y, state.a(), state.b(), state.p(), w, u, k, v);
      c.checkForward("out.y", y);

      Buffer dW = c.noRow();
      Buffer dU = c.noRow();
      Buffer dK = c.noTokens();
      Buffer dV = c.noTokens();
      Buffer dY = c.tokens("up.grad_y");
      c.gradients.wkv4(dW, dU, dK, dV, null, dY, null, nothing(c), w, u, k, v);
      c.checkThrough("time_decay", x -> -Math.exp(x), dW);
      c.check("grad.time_first", dU);
      c.check("grad.k", dK);
      c.check("grad.v", dV);
    }
  }

  private static State4 nothing(ReferenceCase c) {
    float[] p = new float[c.batch * c.channels];
    Arrays.fill(p, -1e30f);
    return new State4(
        CpuBuffer.zeros(c.batch, 1, c.channels),
        CpuBuffer.zeros(c.batch, 1, c.channels),
        new CpuBuffer(p, c.batch, 1, c.channels));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wkv5_n8", "wkv5_n64"})
  void version5AgreesWithTheReference(String name) {
    try (ReferenceCase c = new ReferenceCase(name, TOLERANCE)) {
      Buffer w = map(c.row("in.time_decay"), x -> Math.exp(-Math.exp(x)));
      Buffer dW = c.noRow();
      version6(c, w, dW, c.noState(), null, null);
      c.checkThrough("time_decay", WkvReferenceGradientsTest::slope6, dW);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wkv6_n8", "wkv6_n64"})
  void version6AgreesWithTheReference(String name) {
    try (ReferenceCase c = new ReferenceCase(name, TOLERANCE)) {
      Buffer w = map(c.tokens("in.w"), x -> Math.exp(-Math.exp(x)));
      Buffer dW = c.noTokens();
      Buffer dBefore = c.noState();
      version6(c, w, dW, c.state("in.s0"), dBefore, c.state("up.grad_sT"));
      c.checkThrough("w", WkvReferenceGradientsTest::slope6, dW);
      c.check("grad.s0", dBefore);
    }
  }

  /** Of exp(−exp(x)). */
  private static double slope6(double x) {
    return -Math.exp(x - Math.exp(x));
  }

  private static void version6(
      ReferenceCase c, Buffer w, Buffer dW, Buffer before, Buffer dBefore, Buffer dAfter) {
    Buffer r = c.tokens("in.r");
    Buffer k = c.tokens("in.k");
    Buffer v = c.tokens("in.v");
    Buffer u = c.row("in.u");
    Buffer y = c.noTokens();
    Buffer state = c.noState();
    c.kernels.copy(state, before);
    c.kernels.wkv6(y, state, r, w, k, v, u, c.heads);
    c.check("out.y", y);
    if (dAfter != null) {
      c.check("out.sT", state);
    }
    Buffer dR = c.noTokens();
    Buffer dK = c.noTokens();
    Buffer dV = c.noTokens();
    Buffer dU = c.noRow();
    Buffer dY = c.tokens("up.grad_y");
    c.gradients.wkv6(dR, dW, dK, dV, dU, dBefore, dY, dAfter, before, r, w, k, v, u, c.heads);
    c.check("grad.r", dR);
    c.check("grad.k", dK);
    c.check("grad.v", dV);
    c.check("grad.u", dU);
  }

  /** The fastest decay is no less exact, since nothing is divided by it. */
  @ParameterizedTest
  @ValueSource(strings = {"wkv7_n8", "wkv7_n64", "wkv7_n64_fastdecay"})
  void version7AgreesWithTheReference(String name) {
    try (ReferenceCase c = new ReferenceCase(name, TOLERANCE_7)) {
      Inputs7 in = inputs7(c);
      Buffer y = c.noTokens();
      Buffer state = c.state("in.s0");
      c.kernels.wkv7(y, state, in.r(), in.w(), in.k(), in.v(), in.kk(), in.a(), c.heads);
      c.check("out.y", y);
      c.check("out.sT", state);

      Inputs7 d =
          new Inputs7(
              c.noTokens(), c.noTokens(), c.noTokens(), c.noTokens(), c.noTokens(), c.noTokens());
      Buffer dBefore = c.noState();
      c.gradients.wkv7(
          d, dBefore, c.tokens("up.grad_y"), c.state("up.grad_sT"), c.state("in.s0"), in, c.heads);
      c.check("grad.r", d.r());
      c.checkThrough("w", WkvReferenceGradientsTest::slope7, d.w());
      c.check("grad.k", d.k());
      c.check("grad.v", d.v());
      c.check("grad.s0", dBefore);
      checkRemoval(c, d, in);
    }
  }

  private static Inputs7 inputs7(ReferenceCase c) {
    Buffer kk = map(c.tokens("in.a"), x -> -x);
    float[] key = kk.toArray();
    float[] a = c.numbers("in.b");
    for (int i = 0; i < a.length; i++) {
      a[i] = key[i] == 0 ? 0 : a[i] / key[i];
    }
    return new Inputs7(
        c.tokens("in.r"),
        map(c.tokens("in.w"), x -> Math.exp(-C / (1 + Math.exp(-x)))),
        c.tokens("in.k"),
        c.tokens("in.v"),
        kk,
        new CpuBuffer(a, c.batch, c.time, c.channels));
  }

  /** Of exp(−c σ(x)). */
  private static double slope7(double x) {
    double sigmoid = 1 / (1 + Math.exp(-x));
    return -C * sigmoid * (1 - sigmoid) * Math.exp(-C * sigmoid);
  }

  /** The reference has gradients of −κ̂ and κ̂ ∘ a as if they were independent. */
  private static void checkRemoval(ReferenceCase c, Inputs7 d, Inputs7 in) {
    float[] dMinusKey = c.numbers("grad.a");
    float[] dErase = c.numbers("grad.b");
    float[] key = in.kk().toArray();
    float[] rate = in.a().toArray();
    float[] dKey = new float[key.length];
    float[] dRate = new float[key.length];
    for (int i = 0; i < key.length; i++) {
      dKey[i] = dErase[i] * rate[i] - dMinusKey[i];
      dRate[i] = dErase[i] * key[i];
    }
    c.check("grad.kk", dKey, d.kk().toArray());
    c.check("grad.iclr", dRate, d.a().toArray());
  }
}
