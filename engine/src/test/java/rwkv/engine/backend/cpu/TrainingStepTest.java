package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Gradients.AdamStep;

/** The loss, and what an optimiser does with parameters, beside the formulas in f64. */
class TrainingStepTest {

  private static final int VOCABULARY = 1029;

  @AutoClose private final Workers workers = new Workers(2);
  private final Gradients gradients = new VectorGradients(workers, 0);

  private static Buffer row(float... values) {
    return new CpuBuffer(values, 1, 1, values.length);
  }

  private static CpuBuffer logits(Random random, double scale) {
    return new CpuBuffer(Seeds.normal(random, 6 * VOCABULARY, scale), 2, 3, VOCABULARY);
  }

  @Test
  void theWeightedCrossEntropyAndItsGradientAreThoseOfTheFormula() {
    Random random = Seeds.random("cross entropy");
    CpuBuffer x = logits(random, 20);
    int[] targets = {3, -1, VOCABULARY - 1, 0, -7, 500};
    float[] weights = {1, 9, 5, 0, 3, 0.25f};
    double counted = 6.25;
    CpuBuffer d = CpuBuffer.zeros(2, 3, VOCABULARY);
    Arrays.fill(d.data(), 17);
    double loss = gradients.crossEntropy(d, x, targets, weights, 0.5, 1e-2);
    double expected = 0;
    float[] wanted = new float[6 * VOCABULARY];
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] >= 0) {
        double share = weights[row] / counted;
        expected +=
            share * row(x.data(), row * VOCABULARY, targets[row], 0.5 * share, 1e-2, wanted);
      }
    }
    assertEquals(expected, loss, 1e-6 * expected);
    Compare.close("gradient", wanted, d.data(), 1e-8, 2e-6);
  }

  private static double row(
      float[] x, int at, int target, double factor, double l2wrap, float[] d) {
    double sum = 0;
    int largest = 0;
    for (int c = 0; c < VOCABULARY; c++) {
      sum += Math.exp(x[at + c]);
      largest = x[at + c] > x[at + largest] ? c : largest;
    }
    for (int c = 0; c < VOCABULARY; c++) {
      double p = Math.exp(x[at + c]) / sum - (c == target ? 1 : 0);
      d[at + c] = (float) (factor * (p + (c == largest ? l2wrap * x[at + c] : 0)));
    }
    return Math.log(sum) - x[at + target];
  }

  @Test
  void ofEqualLargestLogitsTheFirstCounts() {
    float[] x = new float[40];
    x[39] = 2;
    x[21] = 2;
    x[23] = 2;
    CpuBuffer with = CpuBuffer.zeros(1, 1, 40);
    CpuBuffer without = CpuBuffer.zeros(1, 1, 40);
    gradients.crossEntropy(with, row(x), new int[] {5}, 1, 0.25);
    gradients.crossEntropy(without, row(x), new int[] {5}, 1, 0);
    for (int c = 0; c < 40; c++) {
      assertEquals(c == 21 ? 0.5 : 0, with.data()[c] - without.data()[c], 1e-6, "logit " + c);
    }
  }

  @Test
  void logitsFarApartGiveNumbers() {
    float[] x = {1e4f, -1e4f, 0, 3e38f, 0, 0, 0, 0, 0, 0, 0};
    CpuBuffer d = CpuBuffer.zeros(1, 1, x.length);
    assertEquals(0, gradients.crossEntropy(d, row(x), new int[] {3}, 1, 0));
    assertArrayEquals(new float[x.length], d.data());
    x[3] = 0;
    assertEquals(2e4, gradients.crossEntropy(d, row(x), new int[] {1}, 1, 0), 1e-2);
    assertEquals(-1, d.data()[1]);
    assertEquals(1, d.data()[0]);
  }

  @Test
  void withoutTargetsThereIsNoLoss() {
    CpuBuffer d = logits(Seeds.random("no targets"), 1);
    int[] none = new int[6];
    Arrays.fill(none, -1);
    assertEquals(0, gradients.crossEntropy(d, CpuBuffer.zeros(2, 3, VOCABULARY), none, 1, 1));
    assertArrayEquals(new float[d.length()], d.data());
    none[2] = VOCABULARY;
    assertThrows(IllegalArgumentException.class, () -> gradients.crossEntropy(d, d, none, 1, 1));
    none[2] = 1;
    float[] less = {1, 1, -1, 1, 1, 1};
    assertThrows(
        IllegalArgumentException.class, () -> gradients.crossEntropy(d, d, none, less, 1, 1));
  }

  @Test
  void squaresAreAddedUpInF64() {
    float[] x = Seeds.normal(Seeds.random("squares"), 50_003, 1);
    x[1] = 1e30f;
    double expected = 0;
    for (float value : x) {
      expected += (double) value * value;
    }
    assertEquals(expected, gradients.squares(row(x)), 1e-12 * expected);
    x[1] = 0;
    expected = 0;
    for (float value : x) {
      expected += (double) value * value;
    }
    assertEquals(expected, gradients.squares(row(x)), 1e-12 * expected);
  }

  @Test
  void scalingByZeroClearsEvenWhatIsNoNumber() {
    float[] x = Seeds.normal(Seeds.random("scale"), 20_001, 1);
    float[] expected = x.clone();
    for (int i = 0; i < x.length; i++) {
      expected[i] *= 0.3f;
    }
    gradients.scale(row(x), 0.3f);
    assertArrayEquals(expected, x);
    x[3] = Float.NaN;
    x[20_000] = Float.POSITIVE_INFINITY;
    gradients.scale(row(x), 0);
    assertArrayEquals(new float[x.length], x);
  }

  @Test
  void stepsOfAdamAreThoseOfTheFormula() {
    Random random = Seeds.random("adam");
    int n = 20_003;
    float[] p = Seeds.normal(random, n, 1);
    float[] m = new float[n];
    float[] v = new float[n];
    double[][] expected = new double[3][n];
    for (int i = 0; i < n; i++) {
      expected[0][i] = p[i];
    }
    for (int t = 1; t <= 4; t++) {
      float[] g = Seeds.normal(random, n, 1e-3);
      AdamStep step = new AdamStep(1e-2, 0.1, 0.9, 0.99, 1e-18, t, 0.5);
      gradients.adam(row(p), row(m), row(v), row(g), step);
      for (int i = 0; i < n; i++) {
        step(expected, i, g[i] * 0.5, t);
      }
    }
    for (int i = 0; i < n; i++) {
      assertEquals(expected[0][i], p[i], 2e-6, "parameter " + i);
      assertEquals(expected[1][i], m[i], 1e-9, "first moment " + i);
      assertEquals(expected[2][i], v[i], 1e-12, "second moment " + i);
    }
  }

  private static void step(double[][] pmv, int i, double g, int t) {
    pmv[1][i] = 0.9 * pmv[1][i] + 0.1 * g;
    pmv[2][i] = 0.99 * pmv[2][i] + 0.01 * g * g;
    double m = pmv[1][i] / (1 - Math.pow(0.9, t));
    double v = pmv[2][i] / (1 - Math.pow(0.99, t));
    pmv[0][i] -= 1e-2 * (m / (Math.sqrt(v) + 1e-18) + 0.1 * pmv[0][i]);
  }

  @Test
  void whatHasNoGradientStaysWhereItIs() {
    float[] p = new float[19];
    Arrays.fill(p, 1.25f);
    float[] tiny = new float[19];
    Arrays.fill(tiny, 1e-30f);
    AdamStep step = new AdamStep(1e-2, 0, 0.9, 0.99, 1e-18, 1, 1);
    gradients.adam(row(p), row(new float[19]), row(new float[19]), row(new float[19]), step);
    for (float value : p) {
      assertEquals(1.25f, value);
    }
    gradients.adam(row(p), row(new float[19]), row(new float[19]), row(tiny), step);
    for (float value : p) {
      assertTrue(value <= 1.25f && value > 1.24f, () -> "moved to " + value);
    }
  }

  @Test
  void theSameBitsWhateverTheThreads() {
    Random random = Seeds.random("threads");
    CpuBuffer x = logits(random, 3);
    int[] targets = {3, 5, 7, 11, 13, 17};
    float[] g = Seeds.normal(random, 50_000, 1);
    Double loss = null;
    Double squares = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Workers some = new Workers(threads)) {
        Gradients one = new VectorGradients(some, 0);
        double actual = one.crossEntropy(CpuBuffer.zeros(2, 3, VOCABULARY), x, targets, 1, 1e-4);
        double sum = one.squares(row(g));
        loss = loss == null ? (Double) actual : loss;
        squares = squares == null ? (Double) sum : squares;
        assertEquals(loss.doubleValue(), actual);
        assertEquals(squares.doubleValue(), sum);
      }
    }
  }
}
