package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions that are made of exponentials, over rows of numbers. The last numbers of a row,
 * which fill no vector, go through one with room to spare: a number's result does not depend on
 * where it stands.
 */
final class Curves {

  private static final float DECAY_SCALE = (float) ReferenceKernels.DECAY_SCALE;

  /** Below, tanh is a polynomial: 1 − 2 / (e²ˣ + 1) would lose what is small. */
  private static final FloatVector SMALL = all(0.625f);

  private static final FloatVector T9 = all(-5.70498872745e-3f);
  private static final FloatVector T7 = all(2.06390887954e-2f);
  private static final FloatVector T5 = all(-5.37397155531e-2f);
  private static final FloatVector T3 = all(1.33314422036e-1f);
  private static final FloatVector T1 = all(-3.33332819422e-1f);

  private static final FloatVector ZERO = all(0);
  private static final FloatVector ONE = all(1);
  private static final FloatVector TWO = all(2);
  private static final FloatVector MINUS_SCALE = all(-DECAY_SCALE);

  /** A function over {@code count} numbers, which are whole vectors. */
  @FunctionalInterface
  private interface Whole {
    void run(float[] out, int to, float[] x, int at, int count);
  }

  /**
   * Taken from an array, so that the compiler calls them: several exponentials are more than it
   * takes into one method, and what it leaves out is slow.
   */
  private static final Whole[] WHOLE = {
    Curves::sigmoids,
    Curves::silus,
    Curves::tanhs,
    Curves::exponentials,
    Curves::declines,
    Curves::decays
  };

  private static final int SIGMOID = 0;
  private static final int SILU = 1;
  private static final int TANH = 2;
  private static final int EXPONENTIAL = 3;
  private static final int DECLINE = 4;
  private static final int DECAY = 5;

  private Curves() {}

  /** out ← 1 / (1 + e⁻ˣ) */
  static void sigmoid(float[] out, float[] x, int at, int n) {
    row(SIGMOID, out, x, at, n);
  }

  /** out ← x / (1 + e⁻ˣ) */
  static void silu(float[] out, float[] x, int at, int n) {
    row(SILU, out, x, at, n);
  }

  static void tanh(float[] out, float[] x, int at, int n) {
    row(TANH, out, x, at, n);
  }

  /** out ← eˣ */
  static void exponential(float[] out, float[] x, int at, int n) {
    row(EXPONENTIAL, out, x, at, n);
  }

  /** out ← e⁻ˣ */
  static void decline(float[] out, float[] x, int at, int n) {
    row(DECLINE, out, x, at, n);
  }

  /** w ← exp(−exp(x)) */
  static void decay6(float[] w, float[] x, int at, int n) {
    row(EXPONENTIAL, w, x, at, n);
    row(DECLINE, w, w, at, n);
  }

  /** w ← exp(−e^−½ σ(x)) */
  static void decay7(float[] w, float[] x, int at, int n) {
    row(SIGMOID, w, x, at, n);
    row(DECAY, w, w, at, n);
  }

  private static void row(int curve, float[] out, float[] x, int at, int n) {
    int bound = n - n % COUNT;
    WHOLE[curve].run(out, at, x, at, bound);
    if (bound < n) {
      float[] last = new float[COUNT];
      System.arraycopy(x, at + bound, last, 0, n - bound);
      WHOLE[curve].run(last, 0, last, 0, COUNT);
      System.arraycopy(last, 0, out, at + bound, n - bound);
    }
  }

  private static void sigmoids(float[] out, int to, float[] x, int at, int count) {
    for (int i = 0; i < count; i += COUNT) {
      sigmoid(FloatVector.fromArray(FLOATS, x, at + i)).intoArray(out, to + i);
    }
  }

  private static void silus(float[] out, int to, float[] x, int at, int count) {
    for (int i = 0; i < count; i += COUNT) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, at + i);
      v.div(Exponential.of(v.neg()).add(ONE)).intoArray(out, to + i);
    }
  }

  private static void tanhs(float[] out, int to, float[] x, int at, int count) {
    for (int i = 0; i < count; i += COUNT) {
      tanh(FloatVector.fromArray(FLOATS, x, at + i)).intoArray(out, to + i);
    }
  }

  private static void exponentials(float[] out, int to, float[] x, int at, int count) {
    for (int i = 0; i < count; i += COUNT) {
      Exponential.of(FloatVector.fromArray(FLOATS, x, at + i)).intoArray(out, to + i);
    }
  }

  private static void declines(float[] out, int to, float[] x, int at, int count) {
    for (int i = 0; i < count; i += COUNT) {
      Exponential.of(FloatVector.fromArray(FLOATS, x, at + i).neg()).intoArray(out, to + i);
    }
  }

  private static void decays(float[] out, int to, float[] x, int at, int count) {
    for (int i = 0; i < count; i += COUNT) {
      FloatVector rate = FloatVector.fromArray(FLOATS, x, at + i).mul(MINUS_SCALE);
      Exponential.of(rate).intoArray(out, to + i);
    }
  }

  private static FloatVector sigmoid(FloatVector x) {
    return ONE.div(Exponential.of(x.neg()).add(ONE));
  }

  private static FloatVector tanh(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector large = ONE.sub(TWO.div(Exponential.of(size.add(size)).add(ONE)));
    FloatVector z = x.mul(x);
    FloatVector p = z.fma(T9, T7).fma(z, T5).fma(z, T3).fma(z, T1);
    FloatVector small = p.mul(z).fma(x, x);
    VectorMask<Float> below = x.compare(VectorOperators.LT, ZERO);
    return large.blend(large.neg(), below).blend(small, size.compare(VectorOperators.LT, SMALL));
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
