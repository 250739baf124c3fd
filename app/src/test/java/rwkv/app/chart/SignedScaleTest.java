package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.SignedScale.Mode;

class SignedScaleTest {

  private final SignedScale scale = new SignedScale();

  @BeforeEach
  void threeFields() {
    scale.fields(3);
  }

  @Test
  void isSharedByAllFieldsAtFirst() {
    scale.observeAll(0.7, 0);
    assertEquals(Mode.SHARED, scale.mode());
    assertEquals(1, scale.limit(0));
    assertEquals(1, scale.limit(2));
  }

  @Test
  void canBeEveryFieldsOwn() {
    scale.mode(Mode.PER_HEAD);
    scale.observeOne(0, 0.07, 0);
    scale.observeOne(1, 3, 0);
    assertEquals(0.1, scale.limit(0));
    assertEquals(5, scale.limit(1));
    assertEquals(0, scale.limit(2));
  }

  @Test
  void anotherModeOrModelStartsAnew() {
    scale.observeAll(50, 0);
    scale.mode(Mode.ROBUST);
    assertEquals(0, scale.limit(0));
    scale.observeAll(0.2, 0);
    assertEquals(0.2, scale.limit(0));
    scale.fields(1);
    assertEquals(0, scale.limit(0));
  }
}
