package rwkv.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 without the JDK's silent replacements. */
final class Utf8 {

  private Utf8() {}

  /**
   * The bytes of a text.
   *
   * @throws IllegalArgumentException if the text holds half a surrogate pair, which has none
   */
  static byte[] encode(String text) {
    check(text);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Looks for what has no UTF-8.
   *
   * @throws IllegalArgumentException if the text holds half a surrogate pair
   */
  static void check(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "half a surrogate pair (U+%04X) at index %d is no character".formatted((int) c, i));
        }
        i++;
      }
    }
  }

  static boolean isValid(byte[] bytes) {
    // What was invalid has been replaced, and so does not come back as it was.
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }

  /** Names the character that the byte at an offset of valid UTF-8 belongs to, and its index. */
  static String describeCharacterAt(byte[] text, int offset) {
    int lead = lead(text, offset);
    String before = new String(text, 0, lead, StandardCharsets.UTF_8);
    return "%s at index %d".formatted(describeCharacter(text, offset), before.length());
  }

  /** Names the character that the byte at an offset of valid UTF-8 belongs to. */
  static String describeCharacter(byte[] text, int offset) {
    int lead = lead(text, offset);
    String rest = new String(text, lead, Math.min(4, text.length - lead), StandardCharsets.UTF_8);
    int character = rest.codePointAt(0);
    String shown =
        switch (Character.getType(character)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.UNASSIGNED,
              Character.PRIVATE_USE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              "U+%04X";
          default -> "'%2$s' (U+%1$04X)";
        };
    return shown.formatted(character, Character.toString(character));
  }

  private static int lead(byte[] text, int offset) {
    int lead = offset;
    while (lead > 0 && (text[lead] & 0xC0) == 0x80) {
      lead--;
    }
    return lead;
  }
}
