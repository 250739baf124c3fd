package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DecayProfileTest {

  private final LagGrid grid = new LagGrid(17, 4);

  @Test
  void theGridDoublesEveryOctave() {
    assertEquals(69, grid.size());
    assertEquals(1, grid.lag(0));
    assertEquals(2, grid.lag(4));
    assertEquals(131072, grid.lag(68));
    assertEquals(4, grid.at(2));
    assertEquals(4, grid.at(2.1));
    assertEquals(0, grid.at(0.5));
    assertEquals(68, grid.at(1e9));
  }

  @Test
  void aResponseHalvesAtEveryHalfLife() {
    double[] response = new double[grid.size()];
    for (double halfLife : new double[] {0.01, 1.1428, 64, 5e4}) {
      grid.response(halfLife, response);
      for (int p = 0; p < response.length; p++) {
        double exact = Math.pow(2, -grid.lag(p) / halfLife);
        assertEquals(exact, response[p], 1e-9 * exact + 1e-300, "lag " + grid.lag(p));
      }
    }
  }

  @Test
  void whatNeverDecaysStays() {
    double[] response = new double[grid.size()];
    grid.response(Double.POSITIVE_INFINITY, response);
    assertEquals(1, response[grid.size() - 1]);
    grid.response(0, response);
    assertEquals(0, response[0]);
  }

  @Test
  void coverageIsTheMeanOfPowers() {
    double[] halfLives = {1.5, 150, 1.5e6};
    DecayProfile profile = DecayProfile.of(halfLives, grid, 0.5);
    for (int h = 0; h < DecayProfile.horizons(); h++) {
      double sum = 0;
      int kept = 0;
      for (double halfLife : halfLives) {
        double left = Math.pow(0.5, DecayProfile.horizon(h) / halfLife);
        sum += left;
        kept += left > 0.5 ? 1 : 0;
      }
      assertEquals(sum / 3, profile.left(h), 1e-9);
      assertEquals(kept / 3.0, profile.kept(h));
    }
    assertEquals(2.0 / 3, profile.kept(1), "after 10 tokens two of three keep more than half");
  }

  @Test
  void gradientsAreMeanAndRootMeanSquareOfPowers() {
    double w = 0.9;
    double v = 0.99;
    double[] halfLives = {HalfLife.tokens(Math.log(w)), HalfLife.tokens(Math.log(v))};
    DecayProfile profile = DecayProfile.of(halfLives, grid, 0.5);
    int p = grid.at(8);
    double first = Math.pow(w, 8);
    double second = Math.pow(v, 8);
    assertEquals((first + second) / 2, profile.mean(p), 1e-9);
    assertEquals(Math.sqrt((first * first + second * second) / 2), profile.rms(p), 1e-9);
    assertEquals(8 * (first + second) / 2, profile.training(p), 1e-8);
  }

  @Test
  void theGradientOfADecayIsLargestAtItsTimeConstant() {
    double halfLife = 64 * Math.log(2);
    DecayProfile profile = DecayProfile.of(new double[] {halfLife}, grid, 0.5);
    int best = 0;
    for (int p = 0; p < grid.size(); p++) {
      best = profile.training(p) > profile.training(best) ? p : best;
    }
    assertEquals(64, grid.lag(best), "n wⁿ is largest at n = −1 / ln w");
    assertEquals(64 / Math.E, profile.training(best), 1e-9);
  }

  @Test
  void histogramRangesAreOfEqualRatio() {
    double[] halfLives = {0.001, 1.5, 15, 15, 150, 1e9, Double.POSITIVE_INFINITY};
    Histogram histogram = HalfLives.histogram(halfLives, 1, 1000, 3);
    assertEquals(0, histogram.from());
    assertEquals(3, histogram.to(), 1e-12);
    assertEquals(2, histogram.count(0));
    assertEquals(2, histogram.count(1));
    assertEquals(3, histogram.count(2));
  }

  @Test
  void brain16CannotTellLongHalfLivesFromForever() {
    double limit = HalfLives.longestInBf16();
    assertEquals(1, toBf16(HalfLife.decay(limit * 1.001)));
    assertTrue(toBf16(HalfLife.decay(limit * 0.999)) < 1);
  }

  private static float toBf16(double w) {
    int bits = Float.floatToRawIntBits((float) w);
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    return Float.intBitsToFloat(rounded & 0xFFFF0000);
  }
}
