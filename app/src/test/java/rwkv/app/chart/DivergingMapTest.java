package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivergingMapTest {

  private static final int WHITE = 0xFFFFFF;
  private static final int DARK = 0x0D1117;

  @ParameterizedTest
  @ValueSource(ints = {WHITE, DARK, 0xF6F8FA, 0x000000})
  void zeroIsExactlyTheNeutralColour(int neutral) {
    DivergingMap map = new DivergingMap(neutral);
    assertEquals(0xFF000000 | neutral, map.color(0, 1));
    assertEquals(0xFF000000 | neutral, map.color(-0.0f, 5));
    assertEquals(0xFF000000 | neutral, map.step(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {WHITE, DARK})
  void bothSidesAreEquallyLight(int neutral) {
    DivergingMap map = new DivergingMap(neutral);
    for (int step = 1; step <= DivergingMap.STEPS; step++) {
      double below = OkLab.lightness(map.step(-step));
      double above = OkLab.lightness(map.step(step));
      assertEquals(below, above, 0.008, "lightness at step " + step);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {WHITE, DARK})
  void lightnessMovesAwayFromZeroSteadily(int neutral) {
    DivergingMap map = new DivergingMap(neutral);
    double direction = neutral == WHITE ? -1 : 1;
    for (int side : new int[] {-1, 1}) {
      for (int step = 5; step <= DivergingMap.STEPS; step += 5) {
        double before = OkLab.lightness(map.step(side * (step - 5)));
        double after = OkLab.lightness(map.step(side * step));
        assertTrue(direction * (after - before) > 0, "at step " + side * step);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {WHITE, DARK})
  void negativeIsBlueAndPositiveIsRed(int neutral) {
    DivergingMap map = new DivergingMap(neutral);
    int blue = map.color(-0.5f, 1);
    int red = map.color(0.5f, 1);
    assertTrue((blue & 255) > (blue >> 16 & 255) + 40);
    assertTrue((red >> 16 & 255) > (red & 255) + 40);
  }

  @Test
  void numbersBeyondTheLimitHaveTheStrongestColour() {
    DivergingMap map = new DivergingMap(WHITE);
    assertEquals(map.step(DivergingMap.STEPS), map.color(2, 1));
    assertEquals(map.step(-DivergingMap.STEPS), map.color(Float.NEGATIVE_INFINITY, 1));
    assertEquals(map.step(DivergingMap.STEPS / 2 + 1), map.color(0.5f, 1));
  }

  @Test
  void whatIsNotANumberIsNoColourOfTheScale() {
    DivergingMap map = new DivergingMap(WHITE);
    assertEquals(DivergingMap.NOT_A_NUMBER, map.color(Float.NaN, 1));
    for (int step = -DivergingMap.STEPS; step <= DivergingMap.STEPS; step++) {
      assertTrue(map.step(step) != DivergingMap.NOT_A_NUMBER);
    }
  }

  @Test
  void withoutAScaleAllIsNeutral() {
    DivergingMap map = new DivergingMap(DARK);
    assertEquals(map.step(0), map.colorOf(3, 0));
    assertEquals(map.step(0), map.colorOf(Float.POSITIVE_INFINITY, 0));
  }
}
