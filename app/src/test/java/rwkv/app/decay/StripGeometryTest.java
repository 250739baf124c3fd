package rwkv.app.decay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.Seeds;

class StripGeometryTest {

  @Test
  void findsItsOwnBars() {
    Random random = Seeds.random("strip geometry");
    for (int round = 0; round < 500; round++) {
      int layers = 1 + random.nextInt(61);
      int heads = 1 + random.nextInt(64);
      int width = 100 + random.nextInt(2500);
      StripGeometry strip = StripGeometry.fit(width, layers, heads);
      assertTrue(strip.bar() == 1 || strip.width() <= width);
      int layer = random.nextInt(layers);
      int head = random.nextInt(heads);
      double middle = strip.left(layer, head) + strip.bar() / 2.0;
      assertEquals(layer * heads + head, strip.headAt(middle), strip.toString());
    }
  }

  @Test
  void beyondTheBarsThereIsNoHead() {
    StripGeometry strip = StripGeometry.fit(700, 4, 4);
    assertEquals(-1, strip.headAt(-20));
    assertEquals(-1, strip.headAt(strip.width() + 20));
    assertEquals(-1, StripGeometry.fit(700, 0, 0).headAt(5));
  }
}
