package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuantilesTest {

  /** numpy.quantile([3, 1, 4, 2], …). */
  @Test
  void interpolatesAsNumPyDoes() {
    double[] values = {3, 1, 4, 2};
    assertEquals(2.5, Quantiles.of(values, 0.5));
    assertEquals(1.3, Quantiles.of(values, 0.1), 1e-12);
    assertEquals(3.7, Quantiles.of(values, 0.9), 1e-12);
    assertEquals(1, Quantiles.of(values, 0));
    assertEquals(4, Quantiles.of(values, 1));
    assertArrayEquals(new double[] {3, 1, 4, 2}, values);
  }

  @Test
  void standsInfinity() {
    double infinite = Double.POSITIVE_INFINITY;
    assertEquals(infinite, Quantiles.of(new double[] {1, infinite, infinite}, 0.75));
    assertEquals(infinite, Quantiles.of(new double[] {1, infinite}, 0.5));
  }

  @Test
  void ofOneIsThatAndOfNoneIsUnknown() {
    assertEquals(7, Quantiles.of(new double[] {7}, 0.9));
    assertEquals(Double.NaN, Quantiles.of(new double[0], 0.5));
  }
}
