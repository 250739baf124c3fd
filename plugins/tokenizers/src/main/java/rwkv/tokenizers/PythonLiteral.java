package rwkv.tokenizers;

import java.util.Arrays;

/**
 * Reads one Python string literal as {@code repr} writes it: {@code 'text'}, {@code "text"} or
 * {@code b'bytes'}. What {@code repr} never writes (other prefixes, triple quotes, octal and named
 * escapes) is an error rather than a guess.
 *
 * <p>An escape means different things in the two kinds: {@code \xe9} is the character U+00E9, two
 * bytes of UTF-8, in a text literal and the single byte E9 in a bytes literal.
 */
final class PythonLiteral {

  private static final int NO_QUOTE = -1;

  private final byte[] source;
  private final int end; // of the contents: where the closing quote stands
  private final boolean isBytes;
  private final byte[] value;
  private int at;
  private int length;
  private boolean ascii = true;

  private PythonLiteral(byte[] source, int begin, int end, boolean isBytes) {
    this.source = source;
    this.at = begin;
    this.end = end;
    this.isBytes = isBytes;
    this.value = new byte[end - begin]; // no escape is shorter than the bytes it stands for
  }

  /**
   * The bytes that a literal stands for.
   *
   * @param source UTF-8 that holds the literal
   * @param from where it begins, with its prefix or quote
   * @param to just past its closing quote
   * @throws IllegalArgumentException if it is no such literal; the message says what is wrong
   */
  static byte[] parse(byte[] source, int from, int to) {
    boolean isBytes = from < to && source[from] == 'b';
    int open = isBytes ? from + 1 : from;
    if (to - open < 2 || source[open] != '\'' && source[open] != '"') {
      throw new IllegalArgumentException("expected a literal in quotes, as in ' the' or b'\\xff'");
    }
    if (source[to - 1] != source[open]) {
      throw new IllegalArgumentException(
          "expected the literal to end in %c, found %s"
              .formatted(source[open], quoted(source[to - 1])));
    }
    PythonLiteral literal = new PythonLiteral(source, open + 1, to - 1, isBytes);
    byte[] bytes = literal.read(source[open]);
    if (isBytes && !literal.ascii) {
      throw new IllegalArgumentException("a bytes literal holds ASCII and escapes only");
    }
    if (!literal.ascii && !Utf8.isValid(bytes)) {
      throw new IllegalArgumentException("the literal is not valid UTF-8");
    }
    return bytes;
  }

  /**
   * The bytes that the inside of a bytes literal stands for. Its quotes are gone, so those within
   * stand with a backslash or without. Characters past ASCII, which Python would not write, are
   * taken as they stand.
   *
   * @throws IllegalArgumentException if an escape is wrong
   */
  static byte[] parseInside(byte[] source) {
    return new PythonLiteral(source, 0, source.length, true).read(NO_QUOTE);
  }

  private byte[] read(int quote) {
    while (at < end) {
      byte b = source[at++];
      if (b == '\\') {
        escape();
      } else if (b == quote) {
        throw new IllegalArgumentException(
            "a %c inside the literal needs a backslash".formatted((char) quote));
      } else {
        ascii &= b >= 0;
        value[length++] = b;
      }
    }
    return Arrays.copyOf(value, length);
  }

  private void escape() {
    if (at == end) {
      throw new IllegalArgumentException("the literal is not closed: a backslash escapes its end");
    }
    byte kind = source[at++];
    switch (kind) {
      case '\\', '\'', '"' -> value[length++] = kind;
      case 'n' -> value[length++] = '\n';
      case 'r' -> value[length++] = '\r';
      case 't' -> value[length++] = '\t';
      case 'x' -> {
        int code = hex(2, kind);
        if (isBytes) {
          value[length++] = (byte) code;
        } else {
          character(code);
        }
      }
      case 'u' -> character(hex(4, textOnly(kind)));
      case 'U' -> character(hex(8, textOnly(kind)));
      default -> throw new IllegalArgumentException("unknown escape: backslash, " + quoted(kind));
    }
  }

  private byte textOnly(byte kind) {
    if (isBytes) {
      throw new IllegalArgumentException("a bytes literal has no escape \\" + (char) kind);
    }
    return kind;
  }

  private int hex(int digits, byte kind) {
    long code = 0;
    for (int i = 0; i < digits; i++, at++) {
      int digit = at < end ? Character.digit(source[at], 16) : -1;
      if (digit < 0) {
        throw new IllegalArgumentException(
            "expected %d hexadecimal digits after \\%c".formatted(digits, kind));
      }
      code = code << 4 | digit;
    }
    return (int) Math.min(code, Integer.MAX_VALUE);
  }

  private void character(int code) {
    if (code > Character.MAX_CODE_POINT || code >= 0xD800 && code <= 0xDFFF) {
      throw new IllegalArgumentException("U+%04X is no character".formatted(code));
    }
    byte[] utf8 = Utf8.encode(Character.toString(code));
    System.arraycopy(utf8, 0, value, length, utf8.length);
    length += utf8.length;
  }

  private static String quoted(byte b) {
    return b > ' ' && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02X".formatted(b);
  }
}
