package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SequentialMapTest {

  @Test
  void goesFromDarkBlueToYellow() {
    SequentialMap map = new SequentialMap(0, 1);
    assertEquals(0xFF002051, map.color(0));
    assertEquals(0xFFFDEA45, map.color(1), 0x010101);
    assertEquals(map.color(0), map.color(-3));
    assertEquals(map.color(1), map.color(Double.POSITIVE_INFINITY));
  }

  @Test
  void risesSteadilyInLightness() {
    SequentialMap map = new SequentialMap(0, 1);
    for (int i = 2; i <= 255; i += 2) {
      double before = OkLab.lightness(map.color((i - 2) / 255.0));
      double after = OkLab.lightness(map.color(i / 255.0));
      assertTrue(after > before - 0.002, "at " + i);
    }
  }

  @Test
  void theLargestStandsOutFromItsGround() {
    for (int ground : new int[] {0xFFFFFF, 0x0D1117}) {
      SequentialMap map = SequentialMap.on(ground);
      double far = Math.abs(OkLab.lightness(map.color(1)) - OkLab.lightness(ground));
      double near = Math.abs(OkLab.lightness(map.color(0)) - OkLab.lightness(ground));
      assertTrue(far > 0.5 && far > near && near > 0.1, near + " and " + far);
    }
  }
}
