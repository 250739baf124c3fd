package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LogitsTest {

  private static final float[] HALVES = {1, 1};
  private static final float[] QUARTERS = {(float) Math.log(1), (float) Math.log(3)};

  @Test
  void divergenceIsThatOfTheProbabilities() {
    double expected = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
    assertEquals(expected, Logits.divergence(HALVES, QUARTERS), 1e-7);
    assertEquals(0, Logits.divergence(QUARTERS, QUARTERS));
  }

  @Test
  void lossIsTheLogarithmOfTheTargetsProbability() {
    assertEquals(-Math.log(0.75), Logits.loss(QUARTERS, 1), 1e-7);
    assertEquals(2000, Logits.loss(new float[] {1000, -1000}, 1), 1e-9);
    assertEquals(1, Logits.likeliest(QUARTERS));
    assertEquals(0, Logits.likeliest(HALVES));
  }
}
