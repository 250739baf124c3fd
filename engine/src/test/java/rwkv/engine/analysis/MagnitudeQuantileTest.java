package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.engine.Seeds;

class MagnitudeQuantileTest {

  private final MagnitudeQuantile quantile = new MagnitudeQuantile();

  @Test
  void isNeverBelowTheTruthNorAnEighthAbove() {
    Random random = Seeds.random("quantile of magnitudes");
    for (int round = 0; round < 50; round++) {
      float[] values = Seeds.normal(random, 1 + random.nextInt(3000), random.nextDouble() * 10);
      quantile.clear();
      quantile.add(values, 1);
      float[] sorted = values.clone();
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = Math.abs(sorted[i]);
      }
      Arrays.sort(sorted);
      float exact = sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
      float found = quantile.at(0.99);
      assertTrue(found >= exact && found <= exact * 1.126f, exact + " was found as " + found);
    }
  }

  @Test
  void ofZerosOrNothingIsZero() {
    assertEquals(0, quantile.at(0.99));
    quantile.add(new float[100], 1);
    assertEquals(0, quantile.at(0.99));
  }

  @Test
  void oneGiantAmongAThousandDoesNotCount() {
    float[] values = new float[1000];
    Arrays.fill(values, 1);
    values[500] = 1e9f;
    quantile.add(values, 1);
    assertTrue(quantile.at(0.99) < 1.2f);
    assertTrue(quantile.at(1) >= 1e9f);
  }
}
