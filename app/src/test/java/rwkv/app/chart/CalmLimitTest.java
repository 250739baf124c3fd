package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalmLimitTest {

  private final CalmLimit limit = new CalmLimit();

  @Test
  void isOneTwoOrFiveTimesAPowerOfTen() {
    assertEquals(1, CalmLimit.roundUp(1));
    assertEquals(2, CalmLimit.roundUp(1.01));
    assertEquals(5, CalmLimit.roundUp(2.3));
    assertEquals(10, CalmLimit.roundUp(5.1));
    assertEquals(0.02, CalmLimit.roundUp(0.013));
    assertEquals(0.05, CalmLimit.roundUp(0.05));
    assertEquals(5e-7, CalmLimit.roundUp(3e-7));
    assertEquals(2000, CalmLimit.roundUp(1999));
  }

  @Test
  void growsAtOnce() {
    assertTrue(limit.observe(0.3, 0));
    assertEquals(0.5, limit.limit());
    assertFalse(limit.observe(0.5, 0.01));
    assertTrue(limit.observe(0.51, 0.02));
    assertEquals(1, limit.limit());
  }

  @Test
  void shrinksOnlyAfterAWhileWithoutNeed() {
    limit.observe(1, 0);
    assertFalse(limit.observe(0.3, 1));
    assertFalse(limit.observe(0.2, 4.9));
    assertTrue(limit.observe(0.2, 5));
    assertEquals(0.5, limit.limit());
  }

  @Test
  void oneLargeNumberStartsTheWaitAnew() {
    limit.observe(1, 0);
    limit.observe(0.3, 1);
    limit.observe(0.9, 4);
    assertFalse(limit.observe(0.3, 6));
    assertFalse(limit.observe(0.3, 9));
    assertTrue(limit.observe(0.3, 10));
  }

  @Test
  void doesNotShrinkToWhereItWouldGrowBackAtOnce() {
    limit.observe(1, 0);
    for (double t = 1; t < 100; t++) {
      assertFalse(limit.observe(0.49, t));
    }
    assertEquals(1, limit.limit());
  }

  @Test
  void passesOverNothingAndTheInfinite() {
    assertFalse(limit.observe(0, 0));
    assertFalse(limit.observe(Double.POSITIVE_INFINITY, 0));
    assertFalse(limit.observe(Double.NaN, 0));
    assertEquals(0, limit.limit());
  }

  @Test
  void restartForgets() {
    limit.observe(100, 0);
    limit.restart();
    assertTrue(limit.observe(0.1, 0));
    assertEquals(0.1, limit.limit());
  }

  @Test
  void everyNumberFitsAndTheLimitRarelyMoves() {
    Random random = Seeds.random("calm limit");
    int changes = 0;
    for (int frame = 0; frame < 6000; frame++) {
      double extent = Math.abs(random.nextGaussian()) + 1e-9;
      changes += limit.observe(extent, frame / 60.0) ? 1 : 0;
      assertTrue(extent <= limit.limit() * (1 + 1e-5));
    }
    assertTrue(changes < 20, changes + " changes in 100 seconds");
  }
}
