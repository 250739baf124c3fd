package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.SignedScale.Mode;
import rwkv.app.chart.SyntheticModel;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.Version;
import rwkv.engine.session.Frame;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

class ShownStateTest {

  private final SyntheticModel model = new SyntheticModel(2, 3, 8, 1);
  private double now;
  private final ShownState state = new ShownState(() -> now);

  @BeforeEach
  void open() {
    state.open(model.spec(), "synthetic");
  }

  private void set(int layer, int head, int i, int j, float value) {
    model.wkv()[layer][(head * 8 + i) * 8 + j] = value;
  }

  @Test
  void keepsTheNumbersWhenTheFrameIsGone() {
    set(1, 2, 5, 7, -0.03f);
    state.see(model.frame(0, 0));
    set(1, 2, 5, 7, 99);
    assertEquals(-0.03f, state.value(1, 2, 5, 7));
    assertEquals(0.03f, state.largest(1, 2));
    assertEquals(0, state.largest(0, 0));
  }

  @Test
  void copiesAFrameOnceHoweverManyLook() {
    Frame frame = model.frame(0, 0);
    state.see(frame);
    set(0, 0, 0, 0, 5);
    state.see(frame);
    assertEquals(0, state.value(0, 0, 0, 0));
    state.see(model.frame(0, 0));
    assertEquals(5, state.value(0, 0, 0, 0));
  }

  @Test
  void oneScaleForAllGrowsAtOnceAndSaysSince() {
    long before = state.scaleChangesProperty().get();
    model.step();
    set(0, 1, 0, 0, 3);
    state.see(model.frame(0, 0));
    assertEquals(5, state.limit(1, 2));
    assertEquals(1, state.scaleSince());
    assertEquals(before + 1, state.scaleChangesProperty().get());
  }

  @Test
  void oneScalePerHead() {
    set(0, 1, 0, 0, 3);
    set(1, 1, 0, 0, -0.03f);
    state.see(model.frame(0, 0));
    state.mode(Mode.PER_HEAD);
    assertEquals(5, state.limit(0, 1));
    assertEquals(0.05, state.limit(1, 1));
    assertEquals(0, state.limit(0, 0));
  }

  @Test
  void oneScaleThatNinetyNineOfAHundredKeepWithin() {
    for (int n = 0; n < 64; n++) {
      for (int head = 0; head < 6; head++) {
        set(head / 3, head % 3, n / 8, n % 8, 0.9f);
      }
    }
    set(0, 0, 0, 0, 1000);
    state.see(model.frame(0, 0));
    assertEquals(1000, state.limit(0, 0));
    state.mode(Mode.ROBUST);
    assertEquals(1, state.limit(0, 0));
  }

  @Test
  void restartIsAllZeroWithoutAScale() {
    set(0, 0, 0, 0, 1);
    state.see(model.frame(0, 0));
    state.restart();
    assertEquals(0, state.value(0, 0, 0, 0));
    assertEquals(0, state.limit(0, 0));
    assertEquals(0, state.position());
  }

  @Test
  void aFrameWithoutStatesIsPassedOver() {
    set(0, 0, 0, 0, 1);
    state.see(model.frame(0, 0));
    float[][] none = {};
    state.see(Frame.of(9, none, none, none, 0, 0, none));
    assertEquals(1, state.value(0, 0, 0, 0));
  }

  @Test
  void aVersionWithoutHeadsIsShownInRunsOfChannels() {
    StatePart a = new StatePart("att_aa", Shape.of(80), 0);
    StatePart b = new StatePart("att_bb", Shape.of(80), 0);
    List<StatePart> parts = List.of(a, b);
    state.open(
        new ModelSpec(Version.V4, 10, 80, 2, 1, 80, 320, Map.of(), 1, 1, DType.F32, parts), "four");
    assertTrue(state.isThere());
    assertEquals(2, state.heads());
    assertEquals(40, state.columns());
    assertEquals(3, state.rows());
    assertEquals("channel 42", state.layout().columnName(1, 2));
    assertEquals("average a/b", state.layout().rowName(2));
    float[][] frame = new float[2][2 * 3 * 40];
    frame[1][(3 + 2) * 40 + 7] = -5;
    state.see(Frame.of(1, frame, new float[0][], new float[0][], 0, 0, new float[0][]));
    assertEquals(-5, state.value(1, 1, 2, 7));
    assertEquals(5, state.largest(1, 1));
    state.open(model.spec(), "matrix again");
    assertEquals(state.columns(), state.rows());
  }
}
