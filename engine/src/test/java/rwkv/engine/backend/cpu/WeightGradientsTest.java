package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;

/** Products with weights that are buffers, and their gradients, beside double loops. */
class WeightGradientsTest {

  private static final int OFFSET = 5;

  @AutoClose private final Workers workers = new Workers(2);
  private final Gradients gradients = new VectorGradients(workers, 0);

  private static Buffer buffer(int rows, int channels, float[] values) {
    return new CpuBuffer(values, 1, rows, channels);
  }

  /** A product with numbers in it. */
  private record Case(
      int rows, int in, int out, boolean swapped, float[] x, float[] w, float[] dOut) {

    static Case of(int rows, int in, int out, boolean swapped, Random random) {
      return new Case(
          rows,
          in,
          out,
          swapped,
          Seeds.normal(random, rows * in, 1),
          Seeds.normal(random, OFFSET + in * out + 3, 1),
          Seeds.normal(random, rows * out, 1));
    }

    int weight(int o, int i) {
      return OFFSET + (swapped ? i * out + o : o * in + i);
    }

    Buffer product(Gradients g) {
      float[] y = new float[rows * out];
      Arrays.fill(y, Float.NaN);
      Buffer result = buffer(rows, out, y);
      g.product(result, buffer(rows, in, x), buffer(1, w.length, w), OFFSET, swapped);
      return result;
    }

    void gradients(Gradients g, float[] dX, float[] dW) {
      g.product(
          dX == null ? null : buffer(rows, in, dX),
          dW == null ? null : buffer(1, w.length, dW),
          buffer(rows, out, dOut),
          buffer(rows, in, x),
          buffer(1, w.length, w),
          OFFSET,
          swapped);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 40, 33",
    "2, 8, 3",
    "5, 7, 16",
    "6, 16, 17",
    "7, 100, 33",
    "13, 33, 100",
    "70, 259, 8",
    "70, 8, 259",
    "97, 96, 64",
    "300, 24, 40",
    "2100, 5, 9",
    "3, 2100, 31",
    "400, 2100, 11",
    "4, 2100, 1100"
  })
  void productsAndGradientsAreThoseOfDoubleLoops(int rows, int in, int out) {
    Random random = Seeds.random("products");
    for (boolean swapped : new boolean[] {false, true}) {
      Case c = Case.of(rows, in, out, swapped, random);
      float[] dX = Seeds.normal(random, rows * in, 1);
      float[] dW = Seeds.normal(random, c.w().length, 1);
      double[] y = new double[rows * out];
      double[] expectedX = doubles(dX);
      double[] expectedW = doubles(dW);
      for (int t = 0; t < rows; t++) {
        for (int o = 0; o < out; o++) {
          double up = c.dOut()[t * out + o];
          double sum = 0;
          for (int i = 0; i < in; i++) {
            int at = c.weight(o, i);
            sum += (double) c.x()[t * in + i] * c.w()[at];
            expectedX[t * in + i] += up * c.w()[at];
            expectedW[at] += up * c.x()[t * in + i];
          }
          y[t * out + o] = sum;
        }
      }
      close("product", y, c.product(gradients).toArray(), in);
      c.gradients(gradients, dX, dW);
      close("gradient of x", expectedX, dX, out);
      close("gradient of the weight", expectedW, dW, rows);
    }
  }

  private static double[] doubles(float[] x) {
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = x[i];
    }
    return values;
  }

  private static void close(String what, double[] expected, float[] actual, int terms) {
    float[] rounded = new float[expected.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) expected[i];
    }
    Compare.close(what, rounded, actual, 4e-6 * (1 + Math.sqrt(terms)), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"70, 96, 40", "1000, 39, 17", "9, 300, 500", "2500, 24, 24"})
  void theSameBitsWhateverTheThreads(int rows, int in, int out) {
    Random random = Seeds.random("threads");
    Case c = Case.of(rows, in, out, random.nextBoolean(), random);
    float[] y = null;
    float[] expectedX = null;
    float[] expectedW = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Workers some = new Workers(threads)) {
        Gradients g = new VectorGradients(some, 0);
        float[] dX = new float[rows * in];
        float[] dW = new float[c.w().length];
        float[] actual = c.product(g).toArray();
        c.gradients(g, dX, null);
        c.gradients(g, null, dW);
        y = y == null ? actual : y;
        expectedX = expectedX == null ? dX : expectedX;
        expectedW = expectedW == null ? dW : expectedW;
        assertArrayEquals(y, actual, threads + " threads");
        assertArrayEquals(expectedX, dX, threads + " threads");
        assertArrayEquals(expectedW, dW, threads + " threads");
      }
    }
  }

  @Test
  void aRowDoesNotDependOnItsNeighbours() {
    Case c = Case.of(45, 300, 20, false, Seeds.random("rows"));
    float[] all = c.product(gradients).toArray();
    for (int t = 0; t < c.rows(); t++) {
      float[] row = Arrays.copyOfRange(c.x(), t * 300, (t + 1) * 300);
      Case one = new Case(1, 300, 20, false, row, c.w(), c.dOut());
      assertArrayEquals(
          Arrays.copyOfRange(all, t * 20, (t + 1) * 20), one.product(gradients).toArray());
    }
  }

  @Test
  void aWeightThatDoesNotHoldTheProductIsRefused() {
    Buffer x = CpuBuffer.zeros(1, 2, 3);
    Buffer y = CpuBuffer.zeros(1, 2, 4);
    Buffer w = CpuBuffer.zeros(1, 1, 12);
    gradients.product(y, x, w, 0, false);
    assertThrows(IllegalArgumentException.class, () -> gradients.product(y, x, w, 1, false));
    assertThrows(IllegalArgumentException.class, () -> gradients.product(y, x, w, -1, true));
  }

  @Test
  void rowsAreThoseOfTheTable() {
    float[] table = Seeds.normal(Seeds.random("rows of a table"), 15, 1);
    float[] out = new float[6];
    gradients.rows(buffer(2, 3, out), buffer(1, 15, table), new int[] {4, 1});
    assertArrayEquals(
        new float[] {table[12], table[13], table[14], table[3], table[4], table[5]}, out);
    assertThrows(
        IllegalArgumentException.class,
        () -> gradients.rows(buffer(2, 3, out), buffer(1, 15, table), new int[] {0, 5}));
  }

  @Test
  void anEmbeddingAddsUpTheRowsOfATokenInOrder() {
    Random random = Seeds.random("embedding");
    int n = 70;
    float[] table = Seeds.normal(random, 5 * n, 1);
    float[] up = Seeds.normal(random, 40 * n, 1);
    int[] tokens = random.ints(40, 0, 4).toArray();
    float[] expected = table.clone();
    for (int row = 0; row < tokens.length; row++) {
      for (int c = 0; c < n; c++) {
        expected[tokens[row] * n + c] += up[row * n + c];
      }
    }
    gradients.embed(buffer(1, 5 * n, table), tokens, new CpuBuffer(up, 2, 20, n));
    assertArrayEquals(expected, table);
    int[] wrong = tokens.clone();
    wrong[7] = 5;
    assertThrows(
        IllegalArgumentException.class,
        () -> gradients.embed(buffer(1, 5 * n, table), wrong, new CpuBuffer(up, 2, 20, n)));
  }
}
