package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

  @ParameterizedTest
  @ValueSource(doubles = {2, 3, 5, 10, 20, 100, 500, 1000, Double.POSITIVE_INFINITY})
  void roundNumbersComeBack(double speed) {
    assertEquals(speed, Pace.at(Pace.position(speed)));
  }

  @Test
  void theEndsAreSlowestAndUnlimited() {
    assertEquals(2, Pace.at(0));
    assertEquals(Double.POSITIVE_INFINITY, Pace.at(1));
    assertEquals("5/s", Pace.text(5));
    assertEquals("unlimited", Pace.text(Double.POSITIVE_INFINITY));
  }

  @Test
  void keysGoFromOneRoundNumberToTheNext() {
    assertEquals(20, Pace.next(10, true));
    assertEquals(5, Pace.next(10, false));
    assertEquals(10, Pace.next(7, true));
    assertEquals(Double.POSITIVE_INFINITY, Pace.next(1000, true));
    assertEquals(1000, Pace.next(Double.POSITIVE_INFINITY, false));
    assertEquals(2, Pace.next(2, false));
  }
}
