package rwkv.tokenizers;

import java.nio.charset.StandardCharsets;

/**
 * The letters that byte-level BPE writes bytes with, so that a token of any bytes is readable text
 * in a file: a visible Latin-1 character stands for its own value, and the other 68 values get the
 * characters from U+0100 on, in order ({@code Ġ} is a space, {@code Ċ} a line feed).
 */
final class ByteAlphabet {

  private static final int VALUES = 256;

  private ByteAlphabet() {}

  /** The letter of each byte value. */
  static char[] letters() {
    char[] letters = new char[VALUES];
    int others = 0;
    for (int value = 0; value < VALUES; value++) {
      letters[value] = (char) (isVisible(value) ? value : VALUES + others++);
    }
    return letters;
  }

  /**
   * The bytes that a token of a file stands for: those of its letters, or its UTF-8 where it holds
   * a character that is no letter of this alphabet.
   *
   * @throws IllegalArgumentException if it holds half a surrogate pair
   */
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int value = value(token.charAt(i));
      if (value < 0) {
        return Utf8.encode(token);
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static int value(char letter) {
    if (letter < VALUES) {
      return isVisible(letter) ? letter : -1;
    }
    // The invisible values in order: 0 to 32, 127 to 160, 173.
    int index = letter - VALUES;
    if (index <= 32) {
      return index;
    }
    if (index <= 66) {
      return index - 33 + 127;
    }
    return index == 67 ? 173 : -1;
  }

  private static boolean isVisible(int value) {
    return value > ' ' && value < 127 || value > 160 && value != 173;
  }

  /** Whether some text has this byte in its UTF-8: C0, C1 and F5 to FF never occur. */
  static boolean isInUtf8(int value) {
    return value < 0xC0 || value > 0xC1 && value < 0xF5;
  }

  /** The token of a file that stands for a text. */
  static String token(String text) {
    char[] letters = letters();
    StringBuilder token = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      token.append(letters[b & 0xFF]);
    }
    return token.toString();
  }
}
