package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.SignedScale.Mode;
import rwkv.app.chart.SyntheticModel;

class StateWallViewModelTest {

  private final SyntheticModel synthetic = new SyntheticModel(3, 4, 32, 1);
  private final ShownState state = new ShownState(() -> 0);
  private final StateWallViewModel model = new StateWallViewModel(state);

  @BeforeEach
  void open() {
    state.open(synthetic.spec(), "stories");
    model.opened();
    synthetic.wkv()[2][(3 * 32 + 5) * 32 + 17] = -0.03121f;
    synthetic.step();
    synthetic.wkv()[2][(3 * 32 + 5) * 32 + 17] = -0.03121f;
    state.see(synthetic.frame(0, 0));
  }

  @Test
  void namesTheNumberUnderTheMouse() {
    model.hover(2, 3, 5, 17, 1, 1);
    assertEquals("L2 H3, value i=5, key j=17: -0.0312", model.readoutProperty().get());
  }

  @Test
  void ofAReducedPixelItNamesTheLargest() {
    for (int i = 4; i < 6; i++) {
      for (int j = 16; j < 18; j++) {
        synthetic.wkv()[2][(3 * 32 + i) * 32 + j] = i == 5 && j == 17 ? -0.03121f : 0.001f;
      }
    }
    state.see(synthetic.frame(0, 0));
    model.hover(2, 3, 4, 16, 2, 2);
    assertEquals(
        "L2 H3, value i=5, key j=17: -0.0312, the largest of 2x2", model.readoutProperty().get());
  }

  @Test
  void followsTheNumberWhileItChanges() {
    model.hover(2, 3, 5, 17, 1, 1);
    synthetic.wkv()[2][(3 * 32 + 5) * 32 + 17] = 2;
    state.see(synthetic.frame(0, 0));
    model.refresh();
    assertTrue(model.readoutProperty().get().endsWith(": 2.00"));
    model.leave();
    model.refresh();
    assertTrue(model.readoutProperty().get().startsWith("hover"));
  }

  @Test
  void saysWhatTheScaleIs() {
    assertEquals("one scale, since token 1", model.scaleWords());
    state.mode(Mode.PER_HEAD);
    assertTrue(model.scaleWords().contains("do not compare"));
    assertTrue(model.caption().contains("stories after 1 tokens"), model.caption());
  }

  @Test
  void withAModelThereIsNothingMissing() {
    assertEquals("", model.missingProperty().get());
  }
}
