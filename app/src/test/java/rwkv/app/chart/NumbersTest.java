package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void haveSignificantDigits() {
    assertEquals("-0.0312", Numbers.significant(-0.03121734, 3));
    assertEquals("-0.0312173", Numbers.significant(-0.03121734, 6));
    assertEquals("0", Numbers.significant(0, 6));
    assertEquals("1.00", Numbers.significant(0.99999, 3));
    assertEquals("12346", Numbers.significant(12345.6, 5));
    assertEquals("1.25e-07", Numbers.significant(1.25e-7, 3));
    assertEquals("1.23e+08", Numbers.significant(1.23e8, 3));
    assertEquals("NaN", Numbers.significant(Double.NaN, 3));
    assertEquals("-∞", Numbers.significant(Double.NEGATIVE_INFINITY, 3));
  }

  @Test
  void areShortAtTicks() {
    assertEquals("0.05", Numbers.shortest(0.05));
    assertEquals("2", Numbers.shortest(2));
    assertEquals("500", Numbers.shortest(500));
    assertEquals("1e-05", Numbers.shortest(1e-5));
    assertEquals("0", Numbers.shortest(0));
  }

  @Test
  void ofTokensAreReadable() {
    assertEquals("1.14", Numbers.tokens(1.1428));
    assertEquals("36.6", Numbers.tokens(36.6));
    assertEquals("861", Numbers.tokens(861.2));
    assertEquals("12\u2009345", Numbers.tokens(12345));
    assertEquals("3.4e+06", Numbers.tokens(3.4e6));
    assertEquals("∞", Numbers.tokens(Double.POSITIVE_INFINITY));
  }
}
