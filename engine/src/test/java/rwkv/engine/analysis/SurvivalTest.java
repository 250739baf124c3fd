package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.engine.Seeds;

class SurvivalTest {

  private static final float[] NO_MEANS = {0, 0};

  /**
   * Decays 0.5, 0.8, 0.2 and 1, 0.5, 1. Over one token: 0.5, 0.8, 0.2 and 1, 0.5, 1; over two: 0.4,
   * 0.16 and 0.5, 0.5; over three: 0.08 and 0.5.
   */
  @Test
  void multipliesTheDecaysThatWereMet() {
    Survival survival = new Survival(new double[] {1, 2, 3}, 2);
    survival.measure(new float[][] {{0.5f, 1}, {0.8f, 0.5f}, {0.2f, 1}}, NO_MEANS, 0);
    assertEquals(3, survival.window());
    assertArrayEquals(new double[] {0.5, 0.28, 0.08}, survival.channel(0), 1e-6);
    assertArrayEquals(new double[] {1, 0.5, 0.5}, survival.channel(1), 1e-6);
    // Means over channels: 0.75, 0.65, 0.6; 0.45, 0.33; 0.29.
    assertArrayEquals(new double[] {0.65, 0.39, 0.29}, survival.head(), 1e-6);
    assertEquals(0.61, survival.low()[0], 1e-6);
    assertEquals(0.73, survival.high()[0], 1e-6);
    assertEquals(0.342, survival.low()[1], 1e-6);
    assertEquals(0.438, survival.high()[1], 1e-6);
    assertEquals(survival.low()[2], survival.high()[2], 1e-6);
  }

  @Test
  void goesOnWithTheMeanBeyondTheWindow() {
    Survival survival = new Survival(new double[] {1, 2, 4}, 2);
    float[] means = {7, (float) Math.log(0.5), (float) Math.log(0.9), 7};
    survival.measure(new float[][] {{0.25f, 0.9f}}, means, 1);
    assertArrayEquals(new double[] {0.25, 0.25, 0.0625}, survival.channel(0), 1e-6);
    assertArrayEquals(new double[] {0.9, 0.81, 0.6561}, survival.channel(1), 1e-6);
    assertEquals((0.0625 + 0.6561) / 2, survival.head()[2], 1e-6);
    assertEquals(Double.NaN, survival.low()[1]);
    assertEquals(Double.NaN, survival.high()[2]);
  }

  @Test
  void needsNoWindowAtAll() {
    Survival survival = new Survival(new double[] {1, 10}, 1);
    survival.measure(new float[0][], new float[] {(float) Math.log(0.5)}, 0);
    assertEquals(0, survival.window());
    assertArrayEquals(new double[] {0.5, Math.pow(0.5, 10)}, survival.head(), 1e-7);
  }

  @Test
  void aDecayStoredAsZeroLeavesNothingAndNoNaN() {
    Survival survival = new Survival(new double[] {1, 2, 3}, 1);
    survival.measure(new float[][] {{0}, {0.5f}, {0}}, new float[] {-104}, 0);
    for (double share : survival.channel(0)) {
      assertTrue(share >= 0 && share <= 0.5, "remains " + share);
    }
  }

  /** At n = W the one product met is exp(W · mean ln w), where the extrapolation begins. */
  @Test
  void measuredAndExtrapolatedAgreeAtTheEdgeAndNeverRise() {
    Random random = Seeds.random("survival");
    for (int round = 0; round < 20; round++) {
      int window = 1 + random.nextInt(300);
      int channels = 1 + random.nextInt(8);
      float[][] decays = new float[window][channels];
      float[] means = new float[channels];
      for (int j = 0; j < channels; j++) {
        double sum = 0;
        for (float[] token : decays) {
          token[j] = (float) (0.55 + 0.45 * random.nextDouble());
          sum += Math.log(token[j]);
        }
        means[j] = (float) (sum / window);
      }
      Survival survival =
          new Survival(new double[] {1, window, window + 1e-6, 2 * window}, channels);
      survival.measure(decays, means, 0);
      for (int j = 0; j < channels; j++) {
        double[] curve = survival.channel(j);
        assertEquals(curve[1], curve[2], 1e-4 * curve[1] + 1e-12);
        assertTrue(curve[0] >= curve[1] && curve[2] >= curve[3]);
      }
      assertEquals(survival.head()[1], survival.head()[2], 1e-4);
      assertTrue(survival.low()[0] <= survival.head()[0]);
      assertTrue(survival.head()[0] <= survival.high()[0]);
    }
  }

  @Test
  void measuringAgainForgetsTheFirst() {
    Survival survival = new Survival(new double[] {1, 2}, 1);
    survival.measure(new float[][] {{0.5f}, {0.5f}}, new float[] {0}, 0);
    survival.measure(new float[][] {{0.9f}}, new float[] {(float) Math.log(0.9)}, 0);
    assertArrayEquals(new double[] {0.9, 0.81}, survival.channel(0), 1e-6);
  }
}
