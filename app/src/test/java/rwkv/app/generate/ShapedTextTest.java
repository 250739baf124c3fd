package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which text may be written straight onto a canvas. */
class ShapedTextTest {

  @ParameterizedTest
  @CsvSource({
    "Anna ran to the barn., false",
    "Größe – naïve … «x», false",
    "Ελληνικά Русский, false",
    "中文 日本語 한국어 ■□→, false",
    "\uFFFD, false",
    "e\u0301, true",
    "العربية, true",
    "עברית, true",
    "हिन्दी, true",
    "ไทย, true",
    "a\u200Db, true",
    "\uD83D\uDE00, true",
    "\u0485, true",
    "か\u3099, true"
  })
  void scriptsThatAreShapedAreKnown(String text, boolean needed) {
    assertEquals(needed, ShapedText.isNeeded(text));
  }
}
