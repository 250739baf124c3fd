package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import rwkv.engine.backend.Activation;

/** The gradients of what is made of exponentials, over rows of numbers. */
final class CurveGradients {

  private static final float DECAY_SCALE = (float) ReferenceKernels.DECAY_SCALE;
  private static final FloatVector ONE = FloatVector.broadcast(Lanes.FLOATS, 1);

  private CurveGradients() {}

  /**
   * d += g f′(x)
   *
   * @param out f(x)
   * @param room for as many numbers as {@code d} has
   */
  static void activate(
      float[] d, float[] g, float[] x, float[] out, int at, int n, Activation f, float[] room) {
    switch (f) {
      case IDENTITY -> Additions.plus(d, at, g, at, n);
      case TANH -> tanh(d, g, out, at, n);
      case SIGMOID -> sigmoid(d, g, out, at, n);
      case SILU -> {
        sigmoids(room, x, at, n);
        silu(d, g, out, room, at, n);
      }
      case SQUARED_RELU -> Additions.twicePositive(d, g, x, at, n);
    }
  }

  /** d −= g w eˣ; 0 where w is 0, though eˣ may be infinite there. */
  static void decay6(float[] d, float[] g, float[] x, float[] w, int at, int n, float[] room) {
    System.arraycopy(x, at, room, 0, n);
    Curves.exponential(room, room, 0, n);
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector v = load(w, at + c);
      FloatVector slope = v.mul(load(room, c)).blend(0, v.compare(VectorOperators.EQ, 0));
      slope.neg().fma(load(g, at + c), load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < n; c++) {
      float slope = w[at + c] == 0 ? 0 : w[at + c] * room[c];
      d[at + c] = Math.fma(-slope, g[at + c], d[at + c]);
    }
  }

  /** d −= g w e^−½ σ(x) (1 − σ(x)) */
  static void decay7(float[] d, float[] g, float[] x, float[] w, int at, int n, float[] room) {
    sigmoids(room, x, at, n);
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector s = load(room, c);
      FloatVector slope = ONE.sub(s).mul(s).mul(load(w, at + c)).mul(-DECAY_SCALE);
      slope.fma(load(g, at + c), load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < n; c++) {
      float slope = (1 - room[c]) * room[c] * w[at + c] * -DECAY_SCALE;
      d[at + c] = Math.fma(slope, g[at + c], d[at + c]);
    }
  }

  private static void sigmoids(float[] room, float[] x, int at, int n) {
    System.arraycopy(x, at, room, 0, n);
    Curves.sigmoid(room, room, 0, n);
  }

  private static void tanh(float[] d, float[] g, float[] out, int at, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      FloatVector y = load(out, i);
      y.neg().fma(y, ONE).fma(load(g, i), load(d, i)).intoArray(d, i);
    }
    for (int i = bound; i < at + n; i++) {
      d[i] = Math.fma(Math.fma(-out[i], out[i], 1), g[i], d[i]);
    }
  }

  private static void sigmoid(float[] d, float[] g, float[] out, int at, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector y = load(out, at + c);
      ONE.sub(y).mul(y).fma(load(g, at + c), load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < n; c++) {
      d[at + c] = Math.fma((1 - out[at + c]) * out[at + c], g[at + c], d[at + c]);
    }
  }

  /** The slope of x σ is σ + x σ (1 − σ). */
  private static void silu(float[] d, float[] g, float[] out, float[] sigmoid, int at, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector s = load(sigmoid, c);
      FloatVector slope = ONE.sub(s).fma(load(out, at + c), s);
      slope.fma(load(g, at + c), load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < n; c++) {
      float slope = Math.fma(1 - sigmoid[c], out[at + c], sigmoid[c]);
      d[at + c] = Math.fma(slope, g[at + c], d[at + c]);
    }
  }
}
