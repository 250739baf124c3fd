package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import rwkv.engine.model.Version;

class HalfLifeTest {

  @Test
  void isTheTokensAfterWhichHalfIsLeft() {
    assertEquals(1, HalfLife.tokens(Math.log(0.5)), 1e-12);
    assertEquals(2, HalfLife.tokens(Math.log(Math.sqrt(0.5))), 1e-12);
    assertEquals(68.967563936528, HalfLife.tokens(Math.log(0.99)), 1e-9);
  }

  @Test
  void neverForgettingIsInfiniteAndForgettingAtOnceIsZero() {
    assertEquals(Double.POSITIVE_INFINITY, HalfLife.tokens(0));
    assertEquals(Double.POSITIVE_INFINITY, HalfLife.tokens(-0.0));
    assertEquals(0, HalfLife.tokens(Double.NEGATIVE_INFINITY));
  }

  @Test
  void theFastestDecayOfVersion7HalvesInALittleMoreThanAToken() {
    assertEquals(0.545239, Version.V7.lowestDecay(), 1e-6);
    assertEquals(1.1428, HalfLife.tokens(Math.log(Version.V7.lowestDecay())), 1e-4);
    assertEquals(0, Version.V6.lowestDecay());
  }

  @Test
  void decayIsTheInverse() {
    assertEquals(0.5, HalfLife.decay(1), 1e-12);
    assertEquals(0.99, HalfLife.decay(HalfLife.tokens(Math.log(0.99))), 1e-12);
    assertEquals(1, HalfLife.decay(Double.POSITIVE_INFINITY));
  }

  @Test
  void readsOneHeadOutOfALayer() {
    float half = (float) Math.log(0.5);
    double[] tokens = new double[2];
    HalfLife.tokens(new float[] {9, 9, half, half / 4, 9}, 2, tokens);
    assertArrayEquals(new double[] {1, 4}, tokens, 1e-6);
  }
}
