package rwkv.plugin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamingDecoderTest {

  private final Random random = TestSeed.random(getClass().getName());

  @Test
  void validTextSplitAnywhereComesOutWholeAndWithoutReplacements() {
    for (int round = 0; round < 2000; round++) {
      String text = RandomText.unicode(random, random.nextInt(60));
      byte[] bytes = text.getBytes(UTF_8);
      StreamingDecoder decoder = new StreamingDecoder();
      StringBuilder shown = new StringBuilder();
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + random.nextInt(5));
        shown.append(decoder.add(Arrays.copyOfRange(bytes, from, to)));
        from = to;
        assertTrue(text.startsWith(shown.toString()), "what is shown is never taken back");
        assertEquals(from - shown.toString().getBytes(UTF_8).length, decoder.pending());
        assertFalse(
            !shown.isEmpty() && Character.isHighSurrogate(shown.charAt(shown.length() - 1)));
      }
      assertEquals(0, decoder.pending());
      assertEquals("", decoder.finish());
      assertEquals(text, shown.toString());
    }
  }

  @Test
  void everyCharacterIsHeldUntilItsLastByte() {
    for (int code = 0; code <= Character.MAX_CODE_POINT; code++) {
      if (code >= 0xD800 && code <= 0xDFFF) {
        continue;
      }
      String character = Character.toString(code);
      byte[] bytes = character.getBytes(UTF_8);
      StreamingDecoder decoder = new StreamingDecoder();
      for (int i = 0; i < bytes.length; i++) {
        String text = decoder.add(new byte[] {bytes[i]});
        assertEquals(i + 1 < bytes.length ? "" : character, text);
        assertEquals(i + 1 < bytes.length ? i + 1 : 0, decoder.pending());
      }
    }
  }

  // The first four are the examples of the Unicode Standard, chapter 3.9, tables 3-8 to 3-11.
  @ParameterizedTest
  @CsvSource({
    "c0afe080bff0818241, ????????A",
    "eda080edbfbfedaf41, ????????A",
    "f4919293ff4180bf42, ?????A??B",
    "e180e2f09192f1bf41, ????A",
    "80, ?",
    "ff41, ?A",
    "c3, ?",
    "c341, ?A",
    "c3c3a9, ?é",
    "e4bd, ?",
    "e4bde4bda0, ?你",
    "f09f98, ?",
    "f09f9841, ?A",
    "f09f9880f0, \uD83D\uDE00?",
    "f5808080, ????",
    "efbfbd, \uFFFD"
  })
  void invalidBytesBecomeOneReplacementForEachLongestBeginning(String hex, String expected) {
    String text = expected.replace('?', '\uFFFD');
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertEquals(text, whole(bytes));
    assertEquals(text, byteByByte(bytes));
  }

  @Test
  void invalidBytesAreReplacedAsSoonAsTheyAreCertain() {
    StreamingDecoder decoder = new StreamingDecoder();
    assertEquals("", decoder.add(bytes(0xE2)));
    assertEquals("", decoder.add(bytes(0x82)));
    assertEquals("\uFFFDA", decoder.add(bytes('A')));
    assertEquals("", decoder.add(bytes(0xE0)));
    assertEquals("\uFFFD\uFFFD", decoder.add(bytes(0x80)), "E0 80 can begin no character");
    assertEquals("", decoder.add(bytes(0xF0, 0x9F)));
    assertEquals(2, decoder.pending());
    assertEquals("\uFFFD", decoder.finish());
    assertEquals(0, decoder.pending());
    assertEquals("é", decoder.add(bytes(0xC3, 0xA9)), "after the end it begins anew");
  }

  @Test
  void anyBytesInAnySplitGiveTheSameAsTheRuleReadLiterally() {
    Set<String> beginnings = beginningsOfCharacters();
    int[] likely = {'A', 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xEF};
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte)
                switch (random.nextInt(3)) {
                  case 0 -> random.nextInt(256);
                  case 1 -> 0xEF + random.nextInt(7);
                  default -> likely[random.nextInt(likely.length)];
                };
      }
      String expected = literally(bytes, beginnings);
      String shown = HexFormat.of().formatHex(bytes);
      assertEquals(expected, whole(bytes), shown);
      assertEquals(expected, byteByByte(bytes), shown);
    }
  }

  /** Every proper beginning of the UTF-8 of any character, as Latin-1. */
  private static Set<String> beginningsOfCharacters() {
    Set<String> beginnings = new HashSet<>();
    for (int code = 0x80; code <= Character.MAX_CODE_POINT; code++) {
      if (code < 0xD800 || code > 0xDFFF) {
        String utf8 = new String(Character.toString(code).getBytes(UTF_8), ISO_8859_1);
        for (int length = 1; length < utf8.length(); length++) {
          beginnings.add(utf8.substring(0, length));
        }
      }
    }
    return beginnings;
  }

  private static String literally(byte[] bytes, Set<String> beginnings) {
    String latin = new String(bytes, ISO_8859_1);
    StringBuilder text = new StringBuilder();
    for (int from = 0; from < bytes.length; ) {
      int to = from + 1;
      while (to < bytes.length && beginnings.contains(latin.substring(from, to))) {
        if (!beginnings.contains(latin.substring(from, to + 1))
            && !isCharacter(bytes, from, to + 1)) {
          break;
        }
        to++;
      }
      boolean character = isCharacter(bytes, from, to);
      text.append(character ? new String(bytes, from, to - from, UTF_8) : "\uFFFD");
      from = to;
    }
    return text.toString();
  }

  private static boolean isCharacter(byte[] bytes, int from, int to) {
    byte[] part = Arrays.copyOfRange(bytes, from, to);
    String text = new String(part, UTF_8);
    return text.codePointCount(0, text.length()) == 1 && Arrays.equals(text.getBytes(UTF_8), part);
  }

  private static String whole(byte[] bytes) {
    StreamingDecoder decoder = new StreamingDecoder();
    return decoder.add(bytes) + decoder.finish();
  }

  private static String byteByByte(byte[] bytes) {
    StreamingDecoder decoder = new StreamingDecoder();
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(decoder.add(new byte[] {b}));
      assertTrue(decoder.pending() <= 3);
    }
    return text + decoder.finish();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
