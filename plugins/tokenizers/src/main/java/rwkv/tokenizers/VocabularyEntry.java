package rwkv.tokenizers;

/**
 * One token of a vocabulary; a line of a vocabulary file, {@code id literal length} with single
 * spaces between.
 *
 * @param id the token, 0 or more; in a file 1 or more: 0 is end of text and has no line
 * @param bytes what it stands for; never empty, never changed
 */
record VocabularyEntry(int id, byte[] bytes) {

  /** The largest id that is believed: far past any published vocabulary, and tables still fit. */
  static final int MAX_ID = (1 << 22) - 1;

  /**
   * Reads a line. The literal may hold spaces itself, so the id ends at the first space and the
   * length begins after the last.
   *
   * @param source the bytes of the file
   * @param from where the line begins
   * @param to where it ends, its line break not counted
   * @throws IllegalArgumentException if it is no entry; the message says what is wrong
   */
  static VocabularyEntry parse(byte[] source, int from, int to) {
    int first = from;
    while (first < to && source[first] != ' ') {
      first++;
    }
    int last = to - 1;
    while (last > first && source[last] != ' ') {
      last--;
    }
    if (last <= first) {
      throw new IllegalArgumentException("expected 'id literal length' with spaces between");
    }
    int id = number("id", source, from, first);
    if (id < 1 || id > MAX_ID) {
      throw new IllegalArgumentException(
          "expected an id from 1 to %d, found %s".formatted(MAX_ID, show(source, from, first)));
    }
    byte[] bytes = PythonLiteral.parse(source, first + 1, last);
    int length = number("length", source, last + 1, to);
    if (bytes.length != length) {
      throw new IllegalArgumentException(
          "the line says that the token has %s bytes, its literal has %d"
              .formatted(show(source, last + 1, to), bytes.length));
    }
    if (length == 0) {
      throw new IllegalArgumentException("a token needs at least one byte");
    }
    return new VocabularyEntry(id, bytes);
  }

  /** A decimal number; what is too large for any use comes out as {@link Integer#MAX_VALUE}. */
  private static int number(String what, byte[] source, int from, int to) {
    long value = 0;
    boolean valid = from < to;
    for (int i = from; i < to && valid; i++) {
      int digit = source[i] - '0';
      valid = digit >= 0 && digit <= 9;
      value = Math.min(value * 10 + digit, Integer.MAX_VALUE);
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "expected a number as %s, found '%s'".formatted(what, show(source, from, to)));
    }
    return (int) value;
  }

  /** Some bytes of a file for an error message: short, and nothing that upsets a terminal. */
  private static String show(byte[] source, int from, int to) {
    StringBuilder text = new StringBuilder();
    int end = Math.min(to, from + 20);
    for (int i = from; i < end; i++) {
      text.append(source[i] >= ' ' && source[i] < 0x7F ? (char) source[i] : '?');
    }
    return end < to ? text + "..." : text.toString();
  }
}
