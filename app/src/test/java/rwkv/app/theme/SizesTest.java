package rwkv.app.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SizesTest {

  @Test
  void bytesHaveThreeDigits() {
    assertEquals("0 B", Sizes.bytes(0));
    assertEquals("999 B", Sizes.bytes(999));
    assertEquals("1.00 kB", Sizes.bytes(1000));
    assertEquals("69.6 kB", Sizes.bytes(69_632));
    assertEquals("1.00 MB", Sizes.bytes(999_999));
    assertEquals("205 MB", Sizes.bytes(204_800_000));
  }

  @Test
  void countsAndSpeeds() {
    assertEquals("353", Sizes.count(353));
    assertEquals("965 k", Sizes.count(964_736));
    assertEquals("2.95 B", Sizes.count(2_947_735_040L));
    assertEquals("1\u202F234\u202F567", Sizes.exact(1_234_567));
    assertEquals("3.4", Sizes.speed(3.4));
    assertEquals("212", Sizes.speed(212.3));
  }

  @Test
  void probabilitiesKeepTheirFirstDigits() {
    assertEquals("100 %", Sizes.percent(1));
    assertEquals("39.8 %", Sizes.percent(0.398));
    assertEquals("0.80 %", Sizes.percent(0.008));
    assertEquals("0.0048 %", Sizes.percent(4.8e-5));
    assertEquals("< 0.0001 %", Sizes.percent(1e-9));
    assertEquals("–", Sizes.percent(Double.NaN));
  }
}
