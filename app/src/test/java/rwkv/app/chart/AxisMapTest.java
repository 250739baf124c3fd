package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisMapTest {

  @Test
  void equalRatiosAreEquallyLongIfLogarithmic() {
    AxisMap axis = new AxisMap(1, 10_000, true, 0, 400);
    assertEquals(0, axis.at(1), 1e-9);
    assertEquals(100, axis.at(10), 1e-9);
    assertEquals(400, axis.at(10_000), 1e-9);
    assertEquals(1000, axis.numberAt(300), 1e-6);
    assertEquals(List.of(1.0, 10.0, 100.0, 1000.0, 10_000.0), axis.decades());
  }

  @Test
  void canRunUpwards() {
    AxisMap axis = new AxisMap(0, 1, false, 100, 0);
    assertEquals(100, axis.at(0), 1e-9);
    assertEquals(25, axis.at(0.75), 1e-9);
    assertEquals(0.75, axis.numberAt(25), 1e-9);
    assertTrue(axis.contains(50));
    assertFalse(axis.contains(101));
  }
}
