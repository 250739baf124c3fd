package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.SyntheticModel;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.session.Event;

class HeadViewModelTest {

  private final SyntheticModel synthetic = new SyntheticModel(2, 2, 4, 1);
  private final ShownState state = new ShownState(() -> 0);
  private final HeadViewModel model = new HeadViewModel(state);
  private final PlaceCursor cursor = new PlaceCursor();

  @BeforeEach
  void open() {
    cursor.bounds(2, 2);
    cursor.moveTo(1, 1);
    model.bind(cursor);
    state.open(synthetic.spec(), "synthetic");
    model.opened(2, 2);
    for (int n = 0; n < 16; n++) {
      synthetic.wkv()[1][16 + n] = n % 2 == 0 ? 3 : -4;
    }
    synthetic.wkv()[1][16 + 4 * 2 + 3] = -0.123456789f;
    state.see(synthetic.frame(1, 1));
    model.refresh();
  }

  @Test
  void tellsSizeInNumbers() {
    assertEquals("Head L1 H1", model.titleProperty().get());
    assertEquals("4.000", model.maxProperty().get());
    double rms = Math.sqrt((8 * 9 + 7 * 16 + 0.0152415788) / 16);
    assertEquals(rms, Double.parseDouble(model.rmsProperty().get()), 5e-4);
    assertEquals("–", model.changeProperty().get());
  }

  @Test
  void readsOutSixDigitsAndCopiesAll() {
    model.hover(2, 3);
    assertEquals("value i=2, key j=3: -0.123457", model.readoutProperty().get());
    assertEquals("-0.12345679", model.copied());
    model.leave();
    assertEquals("-0.12345679", model.lastValue());
    assertTrue(model.copied().startsWith("3.0\t-4.0\t3.0\t-4.0\n"));
    assertEquals(4, model.matrix().lines().count());
  }

  @Test
  void knowsThePastOfEveryHead() {
    float[] rms = {1, 2, 3, 4};
    model.token(token(7, rms, new float[] {0.1f, 0.2f, 0.3f, 0.164f}));
    model.refresh();
    assertEquals("16.4 %", model.changeProperty().get());
    assertEquals(4, model.history().rms(0, model.index()));
    cursor.moveTo(0, 0);
    model.refresh();
    assertEquals("10.0 %", model.changeProperty().get());
    model.restart();
    assertEquals("–", model.changeProperty().get());
  }

  static Event.Token token(int position, float[] rms, float[] change) {
    return new Event.Token(
        position, 1, true, Event.Prediction.NONE, new Event.Dynamics(rms, change));
  }
}
