package rwkv.app.decay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.SyntheticModel;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.session.Frame;

class DecayViewModelTest {

  private static final float[][] NONE = {};

  private final SyntheticModel synthetic = new SyntheticModel(1, 2, 2, 1);
  private final DecayViewModel model = new DecayViewModel();
  private final PlaceCursor cursor = new PlaceCursor();

  @BeforeEach
  void open() {
    cursor.bounds(1, 2);
    model.bind(cursor);
    model.decays().open(synthetic.spec(), "stories");
    model.opened();
  }

  /** Head 0 halves in 1 and 4 tokens, head 1 in 2 and 8. */
  private static Frame frame(int head, float[][] last) {
    float half = (float) Math.log(0.5);
    float[][] means = {{half, half / 4, half / 2, half / 8}};
    return Frame.of(last.length, NONE, NONE, means, 0, head, last);
  }

  private static final float[][] LAST = {{0.5f, 0.840896f}, {0.5f, 0.840896f}};

  @Test
  void knowsNothingBeforeTheFirstToken() {
    assertFalse(model.isKnown());
    assertEquals("no token has been read yet", model.measuredProperty().get());
  }

  @Test
  void listsHalfLives() {
    model.see(frame(0, LAST));
    assertTrue(model.isKnown());
    assertEquals("1.00 / 2.50 / 4.00 tokens", model.rangeProperty().get());
    assertEquals("measured over the last 2 tokens", model.measuredProperty().get());
    model.hover(1);
    assertEquals("channel j=1: w 0.840896, half-life 4.00 tokens", model.readoutProperty().get());
    assertTrue(model.caption().contains("L0 H0 of stories"), model.caption());
  }

  @Test
  void measuresTheLastTokensAndCarriesOn() {
    model.see(frame(0, LAST));
    assertEquals(2, model.survival().window());
    assertEquals(0.5, model.survival().channel(0)[0], 1e-6);
    assertEquals(0.25, model.survival().channel(0)[1], 1e-6);
  }

  @Test
  void anotherHeadIsCarriedOnFromItsMeansUntilItsFrameComes() {
    model.see(frame(0, LAST));
    cursor.moveTo(0, 1);
    model.turn();
    assertEquals("2.00 / 5.00 / 8.00 tokens", model.rangeProperty().get());
    assertEquals(0, model.survival().window());
    assertEquals(Math.sqrt(0.5), model.survival().channel(0)[0], 1e-6);
  }

  @Test
  void restartForgets() {
    model.see(frame(0, LAST));
    model.restart();
    assertFalse(model.isKnown());
    assertEquals("", model.rangeProperty().get());
  }

  @Test
  void tokensAreWholeAndReachTenThousand() {
    double[] tokens = DecayViewModel.tokens();
    assertEquals(1, tokens[0]);
    assertEquals(2, tokens[1]);
    assertEquals(10_000, tokens[tokens.length - 1]);
    for (int p = 1; p < tokens.length; p++) {
      assertTrue(tokens[p] > tokens[p - 1] && tokens[p] == Math.rint(tokens[p]));
    }
  }
}
