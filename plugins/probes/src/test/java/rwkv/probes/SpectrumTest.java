package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpectrumTest {

  @Test
  void ofTheIdentityEveryDirectionCounts() {
    Spectrum spectrum = Spectrum.of(new float[] {9, 1, 0, 0, 0, 1, 0, 0, 0, 1}, 1, 3, 3);
    assertEquals(3, spectrum.effectiveRank(), 1e-12);
    assertEquals(3, spectrum.stableRank(), 1e-12);
    assertEquals(3, spectrum.participation(), 1e-12);
  }

  @Test
  void ofAnOuterProductOneDirectionCounts() {
    Spectrum spectrum = Spectrum.of(new float[] {2, 4, 6, 1, 2, 3}, 0, 2, 3);
    assertEquals(Math.sqrt(5 * 14), spectrum.values()[0], 1e-12);
    assertEquals(1, spectrum.effectiveRank(), 1e-6);
    assertEquals(1, spectrum.stableRank(), 1e-12);
  }

  @Test
  void ofADiagonalTheFormulasHold() {
    Spectrum spectrum = Spectrum.of(new float[] {0, -1, 3, 0}, 0, 2, 2);
    assertArrayEquals(new double[] {3, 1}, spectrum.values(), 1e-12);
    double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    assertEquals(Math.exp(entropy), spectrum.effectiveRank(), 1e-12);
    assertEquals(10.0 / 9, spectrum.stableRank(), 1e-12);
    assertEquals(100.0 / 82, spectrum.participation(), 1e-12);
  }

  @Test
  void zerosHaveNoRankAndWhatIsNoNumberHasNone() {
    assertEquals(0, Spectrum.of(new float[4], 0, 2, 2).effectiveRank());
    assertEquals(0, Spectrum.of(new float[4], 0, 2, 2).stableRank());
    float[] broken = {1, Float.POSITIVE_INFINITY, 0, 1};
    assertTrue(Double.isNaN(Spectrum.of(broken, 0, 2, 2).effectiveRank()));
  }
}
