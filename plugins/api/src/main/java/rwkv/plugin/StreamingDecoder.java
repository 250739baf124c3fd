package rwkv.plugin;

/**
 * Turns the bytes of tokens into text while they arrive. A token may end in the middle of a
 * character, so the bytes of a character that is not complete yet are held back; text once given
 * out is never taken back.
 *
 * <p>Bytes that cannot be UTF-8 become U+FFFD as soon as that is certain, one for each longest run
 * that could have begun a character (the practice that the Unicode Standard recommends, and what
 * Python and browsers do). It is written out here because the JDK's decoders count the bytes of
 * encoded surrogates differently. For one stream of text; not thread-safe.
 */
public final class StreamingDecoder {

  private static final char REPLACEMENT = '\uFFFD';

  private int held;
  private int needed;
  private int codePoint;
  // The range that the next continuation byte must be in: narrower than 80..BF only after the lead
  // bytes E0, ED, F0 and F4, which rules out overlong forms, surrogates and code points past
  // 10FFFF.
  private int lowest;
  private int highest;

  /**
   * The text that is certain after these further bytes.
   *
   * @param bytes the bytes of the next token or tokens; may end anywhere
   * @return whole characters only; empty if no character became complete
   */
  public String add(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      accept(b & 0xFF, text);
    }
    return text.toString();
  }

  /**
   * Says that no more bytes come: U+FFFD if bytes of an incomplete character are held, empty
   * otherwise. The decoder is then as new.
   */
  public String finish() {
    boolean incomplete = held > 0;
    held = 0;
    return incomplete ? String.valueOf(REPLACEMENT) : "";
  }

  /** How many bytes of an incomplete character are held: 0 to 3. */
  public int pending() {
    return held;
  }

  private void accept(int b, StringBuilder text) {
    if (held == 0) {
      begin(b, text);
    } else if (b < lowest || b > highest) {
      held = 0;
      text.append(REPLACEMENT);
      begin(b, text);
    } else {
      codePoint = codePoint << 6 | b & 0x3F;
      lowest = 0x80;
      highest = 0xBF;
      held++;
      if (held == needed) {
        held = 0;
        text.appendCodePoint(codePoint);
      }
    }
  }

  private void begin(int b, StringBuilder text) {
    if (b < 0x80) {
      text.append((char) b);
    } else if (b >= 0xC2 && b <= 0xDF) {
      expect(2, b & 0x1F, 0x80, 0xBF);
    } else if (b >= 0xE0 && b <= 0xEF) {
      expect(3, b & 0x0F, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
    } else if (b >= 0xF0 && b <= 0xF4) {
      expect(4, b & 0x07, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
    } else {
      text.append(REPLACEMENT);
    }
  }

  private void expect(int length, int bits, int low, int high) {
    held = 1;
    needed = length;
    codePoint = bits;
    lowest = low;
    highest = high;
  }
}
