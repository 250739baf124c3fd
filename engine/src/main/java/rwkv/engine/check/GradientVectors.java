package rwkv.engine.check;

import static rwkv.engine.check.GradientCase.map;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;
import rwkv.engine.backend.RecurrenceGradients.State4;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;

/** The recurrences and their gradients against numbers that were worked out elsewhere in f64. */
final class GradientVectors {

  private static final double TOLERANCE = 2e-5;
  private static final double TOLERANCE_7 = 1.1e-4;

  /** Keys of a hundred and more leave f32 exponents an error of 1e-5, and with it the result. */
  private static final double FORWARD_4 = 1e-4;

  /** The exponent of RWKV-7's decay: −c σ(x). */
  private static final double C = Math.exp(-0.5);

  private static final List<String> NAMES =
      List.of(
          "wkv4_c8",
          "wkv4_c64_stress",
          "wkv5_n8",
          "wkv5_n64",
          "wkv6_n8",
          "wkv6_n64",
          "wkv7_n8",
          "wkv7_n64",
          "wkv7_n64_fastdecay");

  private final RecurrenceGradients gradients;
  private final GradientCase c;

  private GradientVectors(RecurrenceGradients gradients, GradientCase c) {
    this.gradients = gradients;
    this.c = c;
  }

  /** The files of all vectors. */
  static List<String> files() {
    return NAMES.stream().map(GradientVectors::file).toList();
  }

  private static String file(String name) {
    return "grad/" + name + ".f32.safetensors";
  }

  /**
   * Runs those that are there.
   *
   * @param gradients over the buffers of these kernels, or null where there are none
   */
  static void run(
      Kernels kernels,
      @Nullable RecurrenceGradients gradients,
      ReferenceFiles files,
      Consumer<Row> rows) {
    List<String> missing = new ArrayList<>();
    for (String name : NAMES) {
      Optional<Path> file = files.find(file(name));
      if (file.isEmpty()) {
        missing.add(name);
      } else if (gradients == null) {
        rows.accept(
            Row.skipped("gradients " + name, expected(name), "no gradients on this device"));
      } else {
        rows.accept(one(kernels, gradients, name, file.get()));
      }
    }
    if (!missing.isEmpty()) {
      String names = String.join(", ", missing);
      rows.accept(Row.skipped("gradients", "vectors", "not here: " + names));
    }
  }

  private static double tolerance(String name) {
    return name.startsWith("wkv7") ? TOLERANCE_7 : TOLERANCE;
  }

  private static String expected(String name) {
    return String.format(Locale.ROOT, "within %.1e + 1e-5 abs(x)", tolerance(name));
  }

  private static Row one(Kernels kernels, RecurrenceGradients gradients, String name, Path file) {
    try (Checkpoint vectors = Checkpoints.open(file)) {
      GradientCase c = new GradientCase(kernels, vectors, tolerance(name));
      new GradientVectors(gradients, c).compare(name);
      Difference found = c.difference;
      String figures =
          String.format(
              Locale.ROOT,
              "%,d numbers, NMSE %.1e, largest error %.1e",
              found.numbers(),
              found.nmse(),
              found.largest());
      boolean right = found.within();
      return Row.judged(
          "gradients " + name,
          expected(name),
          right ? figures : figures + "; " + found.where(),
          right);
    }
  }

  private void compare(String name) {
    switch (name.substring(0, 4)) {
      case "wkv4" -> version4();
      case "wkv5" -> {
        Buffer w = map(c.row("in.time_decay"), x -> Math.exp(-Math.exp(x)));
        Buffer dW = c.noRow();
        version6(w, dW, c.noState(), null, null);
        c.checkThrough("time_decay", GradientVectors::slope6, dW);
      }
      case "wkv6" -> {
        Buffer w = map(c.tokens("in.w"), x -> Math.exp(-Math.exp(x)));
        Buffer dW = c.noTokens();
        Buffer dBefore = c.noState();
        version6(w, dW, c.state("in.s0"), dBefore, c.state("up.grad_sT"));
        c.checkThrough("w", GradientVectors::slope6, dW);
        c.check("grad.s0", dBefore);
      }
      default -> version7();
    }
  }

  private void version4() {
    Buffer w = map(c.row("in.time_decay"), x -> -Math.exp(x));
    Buffer u = c.row("in.time_first");
    Buffer k = c.tokens("in.k");
    Buffer v = c.tokens("in.v");
    Buffer y = c.noTokens();
    State4 state = nothing();
    c.kernels.wkv4(y, state.a(), state.b(), state.p(), w, u, k, v);
    c.check("out.y", y.toArray(), FORWARD_4);

    Buffer dW = c.noRow();
    Buffer dU = c.noRow();
    Buffer dK = c.noTokens();
    Buffer dV = c.noTokens();
    Buffer dY = c.tokens("up.grad_y");
    gradients.wkv4(dW, dU, dK, dV, null, dY, null, nothing(), w, u, k, v);
    c.checkThrough("time_decay", x -> -Math.exp(x), dW);
    c.check("grad.time_first", dU);
    c.check("grad.k", dK);
    c.check("grad.v", dV);
  }

  private State4 nothing() {
    float[] p = new float[c.batch * c.channels];
    Arrays.fill(p, -1e30f);
    Buffer exponent = c.kernels.buffer(c.batch, 1, c.channels);
    exponent.write(0, p, 0, p.length);
    return new State4(
        c.kernels.buffer(c.batch, 1, c.channels),
        c.kernels.buffer(c.batch, 1, c.channels),
        exponent);
  }

  /** Of exp(−exp(x)). */
  private static double slope6(double x) {
    return -Math.exp(x - Math.exp(x));
  }

  private void version6(
      Buffer w, Buffer dW, Buffer before, @Nullable Buffer dBefore, @Nullable Buffer dAfter) {
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
    gradients.wkv6(dR, dW, dK, dV, dU, dBefore, dY, dAfter, before, r, w, k, v, u, c.heads);
    c.check("grad.r", dR);
    c.check("grad.k", dK);
    c.check("grad.v", dV);
    c.check("grad.u", dU);
  }

  /** The fastest decay is no less exact, since nothing is divided by it. */
  private void version7() {
    Buffer r = c.tokens("in.r");
    Buffer w = map(c.tokens("in.w"), x -> Math.exp(-C / (1 + Math.exp(-x))));
    Buffer k = c.tokens("in.k");
    Buffer v = c.tokens("in.v");
    Buffer kk = map(c.tokens("in.a"), x -> -x);
    float[] key = kk.toArray();
    float[] rate = c.numbers("in.b");
    for (int i = 0; i < rate.length; i++) {
      rate[i] = key[i] == 0 ? 0 : rate[i] / key[i];
    }
    Buffer a = c.tokens(rate);
    Buffer y = c.noTokens();
    Buffer state = c.state("in.s0");
    c.kernels.wkv7(y, state, r, w, k, v, kk, a, c.heads);
    c.check("out.y", y);
    c.check("out.sT", state);

    Buffer dR = c.noTokens();
    Buffer dW = c.noTokens();
    Buffer dK = c.noTokens();
    Buffer dV = c.noTokens();
    Buffer dKk = c.noTokens();
    Buffer dA = c.noTokens();
    Buffer dBefore = c.noState();
    gradients.wkv7(
        new Inputs7(dR, dW, dK, dV, dKk, dA),
        dBefore,
        c.tokens("up.grad_y"),
        c.state("up.grad_sT"),
        c.state("in.s0"),
        new Inputs7(r, w, k, v, kk, a),
        c.heads);
    c.check("grad.r", dR);
    c.checkThrough("w", GradientVectors::slope7, dW);
    c.check("grad.k", dK);
    c.check("grad.v", dV);
    c.check("grad.s0", dBefore);
    checkRemoval(dKk.toArray(), dA.toArray(), key, rate);
  }

  /** Of exp(−c σ(x)). */
  private static double slope7(double x) {
    double sigmoid = 1 / (1 + Math.exp(-x));
    return -C * sigmoid * (1 - sigmoid) * Math.exp(-C * sigmoid);
  }

  /** The vectors have gradients of −κ̂ and κ̂ ∘ a as if they were independent. */
  private void checkRemoval(float[] dKk, float[] dA, float[] key, float[] rate) {
    float[] dMinusKey = c.numbers("grad.a");
    float[] dErase = c.numbers("grad.b");
    float[] dKey = new float[key.length];
    float[] dRate = new float[key.length];
    for (int i = 0; i < key.length; i++) {
      dKey[i] = dErase[i] * rate[i] - dMinusKey[i];
      dRate[i] = dErase[i] * key[i];
    }
    c.difference.add("grad.kk", dKey, dKk, TOLERANCE_7, 1e-5);
    c.difference.add("grad.iclr", dRate, dA, TOLERANCE_7, 1e-5);
  }
}
