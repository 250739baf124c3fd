package rwkv.app.generate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Tokens as a person can see them, spaces and line feeds included. */
final class TokenText {

  private TokenText() {}

  /** The characters of a token with marks for blanks, or its bytes where they are no characters. */
  static String visible(byte[] bytes) {
    try {
      return visible(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      StringBuilder hex = new StringBuilder();
      for (byte b : bytes) {
        hex.append("\\x%02X".formatted(b));
      }
      return hex.toString();
    }
  }

  /** A text with marks for blanks: ␣ for a space, ⏎ for a line feed, ⇥ for a tab. */
  static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      shown.append(
          switch (c) {
            case ' ' -> '\u2423';
            case '\n' -> '\u23CE';
            case '\t' -> '\u21E5';
            default -> control(c);
          });
    }
    return shown.toString();
  }

  /** A text that can be painted: pictures instead of control characters other than line feeds. */
  static String paintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (control(text.charAt(i)) != text.charAt(i) && text.charAt(i) != '\n') {
        StringBuilder shown = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
          shown.append(c == '\n' ? c : control(c));
        }
        return shown.toString();
      }
    }
    return text;
  }

  private static char control(char c) {
    return c < ' ' ? (char) (0x2400 + c) : c == 0x7F ? '\u2421' : c;
  }
}
