package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

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
  void knowsTheFastestDecayOfVersion7() {
    assertEquals(0.545239211892605, HalfLife.FASTEST_V7_DECAY, 1e-12);
    assertEquals(1.142806500315, HalfLife.FASTEST_V7_TOKENS, 1e-9);
    assertEquals(
        HalfLife.FASTEST_V7_TOKENS, HalfLife.tokens(Math.log(HalfLife.FASTEST_V7_DECAY)), 1e-12);
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
