package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import rwkv.engine.backend.Gradients.AdamStep;

/** What an optimiser does with a stretch of parameters. */
final class Parameters {

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, Lanes.FLOATS.vectorShape());

  private Parameters() {}

  /** Σ x² in f64; every lane is a sum of its own until the end. */
  static double squares(float[] x, int at, int n) {
    DoubleVector a = DoubleVector.zero(DOUBLES);
    DoubleVector b = a;
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      FloatVector v = load(x, i);
      DoubleVector low = (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector high = (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 1);
      a = low.fma(low, a);
      b = high.fma(high, b);
    }
    double sum = 0;
    for (double lane : a.add(b).toArray()) {
      sum += lane;
    }
    for (int i = bound; i < at + n; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  /** x ← factor · x; zeros for a factor of 0, even where x is no number. */
  static void scale(float[] x, int at, int n, float factor) {
    if (factor == 0) {
      Arrays.fill(x, at, at + n, 0);
      return;
    }
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      load(x, i).mul(factor).intoArray(x, i);
    }
    for (int i = bound; i < at + n; i++) {
      x[i] *= factor;
    }
  }

  /** The factors of a step of AdamW, in f32. */
  record Adam(
      float rate,
      float decay,
      float beta1,
      float beta2,
      float rest1,
      float rest2,
      float correction1,
      float correction2,
      float eps,
      float gradientScale) {

    static Adam of(AdamStep step) {
      return new Adam(
          (float) step.rate(),
          (float) step.decay(),
          (float) step.beta1(),
          (float) step.beta2(),
          (float) (1 - step.beta1()),
          (float) (1 - step.beta2()),
          (float) (1 / (1 - Math.pow(step.beta1(), step.time()))),
          (float) (1 / (1 - Math.pow(step.beta2(), step.time()))),
          (float) step.eps(),
          (float) step.gradientScale());
    }

    void step(float[] p, float[] m, float[] v, float[] g, int at, int n) {
      FloatVector step = FloatVector.broadcast(Lanes.FLOATS, -rate);
      FloatVector shrink = FloatVector.broadcast(Lanes.FLOATS, decay);
      FloatVector keep1 = FloatVector.broadcast(Lanes.FLOATS, beta1);
      FloatVector keep2 = FloatVector.broadcast(Lanes.FLOATS, beta2);
      int bound = at + n - n % COUNT;
      for (int i = at; i < bound; i += COUNT) {
        FloatVector gradient = load(g, i).mul(gradientScale);
        FloatVector first = load(m, i).fma(keep1, gradient.mul(rest1));
        FloatVector second = load(v, i).fma(keep2, gradient.mul(gradient).mul(rest2));
        first.intoArray(m, i);
        second.intoArray(v, i);
        FloatVector size = second.mul(correction2).sqrt().add(eps);
        FloatVector old = load(p, i);
        FloatVector change = old.fma(shrink, first.mul(correction1).div(size));
        change.fma(step, old).intoArray(p, i);
      }
      for (int i = bound; i < at + n; i++) {
        float gradient = g[i] * gradientScale;
        m[i] = Math.fma(m[i], beta1, gradient * rest1);
        v[i] = Math.fma(v[i], beta2, gradient * gradient * rest2);
        float size = (float) Math.sqrt(v[i] * correction2) + eps;
        float change = Math.fma(p[i], decay, m[i] * correction1 / size);
        p[i] = Math.fma(change, -rate, p[i]);
      }
    }
  }
}
