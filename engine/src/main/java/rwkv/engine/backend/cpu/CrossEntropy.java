package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Cross entropy of one row of logits and its gradient. */
final class CrossEntropy {

  /** Numbers added up in f32; their sums are added up in f64. */
  private static final int BLOCK = 512;

  private CrossEntropy() {}

  /**
   * d ← factor · (softmax(logits) − onehot(target)), and factor · l2wrap · (largest logit) more
   * where the largest logit is, the first of equal ones.
   *
   * @return −log softmax(logits)[target]
   */
  static double row(
      float[] d, float[] logits, int at, int n, int target, double factor, double l2wrap) {
    float largest = largest(logits, at, n);
    subtract(d, logits, at, largest, n);
    Curves.exponential(d, d, at, n);
    double sum = 0;
    for (int c = 0; c < n; c += BLOCK) {
      sum += Sums.of(d, at + c, Math.min(BLOCK, n - c));
    }
    float chosen = d[at + target];
    multiply(d, at, (float) (factor / sum), n);
    d[at + target] = (float) (factor * ((chosen - sum) / sum));
    int first = first(logits, at, n, largest);
    d[at + first] += (float) (factor * l2wrap * largest);
    return Math.log(sum) + ((double) largest - logits[at + target]);
  }

  private static float largest(float[] x, int at, int n) {
    int bound = n - n % COUNT;
    FloatVector most = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
    for (int c = 0; c < bound; c += COUNT) {
      most = most.max(load(x, at + c));
    }
    float[] lanes = most.toArray();
    float largest = Float.NEGATIVE_INFINITY;
    for (float lane : lanes) {
      largest = Math.max(largest, lane);
    }
    for (int c = bound; c < n; c++) {
      largest = Math.max(largest, x[at + c]);
    }
    return largest;
  }

  /** Where the number stands first; 0 where it does not, as among numbers that are none. */
  private static int first(float[] x, int at, int n, float number) {
    int c = 0;
    int bound = n - n % COUNT;
    while (c < bound && !load(x, at + c).compare(VectorOperators.EQ, number).anyTrue()) {
      c += COUNT;
    }
    for (; c < n; c++) {
      if (x[at + c] == number) {
        return c;
      }
    }
    return 0;
  }

  private static void subtract(float[] out, float[] x, int at, float y, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      load(x, i).sub(y).intoArray(out, i);
    }
    for (int i = bound; i < at + n; i++) {
      out[i] = x[i] - y;
    }
  }

  private static void multiply(float[] x, int at, float factor, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      load(x, i).mul(factor).intoArray(x, i);
    }
    for (int i = bound; i < at + n; i++) {
      x[i] *= factor;
    }
  }
}
