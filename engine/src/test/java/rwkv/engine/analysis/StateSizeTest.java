package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StateSizeTest {

  private static final float[] VALUES = {100, 3, -4, 0, 0, -100};

  @Test
  void rmsIsTheRootOfTheMeanOfSquares() {
    assertEquals(2.5, StateSize.rms(VALUES, 1, 4), 1e-12);
    assertEquals(0, StateSize.rms(VALUES, 1, 0));
  }

  @Test
  void maxIsOfMagnitudes() {
    assertEquals(4, StateSize.max(VALUES, 1, 4));
    assertEquals(0, StateSize.max(VALUES, 3, 2));
  }

  @Test
  void maxPassesOverWhatIsNotFinite() {
    float[] broken = {1, Float.NaN, -2, Float.NEGATIVE_INFINITY};
    assertEquals(2, StateSize.max(broken, 0, 4));
  }

  @Test
  void changeIsRelativeToTheNewState() {
    float[] now = {3, 4};
    float[] before = {3, 1};
    assertEquals(0.6, StateSize.change(now, before, 2), 1e-12);
    assertEquals(0, StateSize.change(new float[2], before, 2));
  }
}
