package rwkv.plugin;

import java.util.Random;

/** Texts that are unkind to tokenizers: many scripts, emoji, spaces, controls, all side by side. */
public final class RandomText {

  private static final String[] PIECES = {
    " the",
    "and ",
    "Anna",
    "\n\n",
    "\r\n",
    "   ",
    "\t\t",
    "0.125",
    "User:",
    "'\"\\",
    "\\x41",
    "\u0000",
    "naïve",
    "Ελλάδα",
    "Привет",
    "שלום",
    "नमस्ते",
    "你好，",
    "世界",
    "こんにちは",
    "안녕",
    "e\u0301",
    "\uFEFF",
    "👩‍👩‍👧‍👦",
    "🇺🇳",
    "𝔘𝔫𝔦",
    "\uD83D\uDE00",
    "\u2028",
    "\u200B",
    "\uFFFF",
    "\uDBFF\uDFFF"
  };

  private RandomText() {}

  /** A text of at least so many characters, without U+FFFD. */
  public static String unicode(Random random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      switch (random.nextInt(6)) {
        case 0 -> text.append(PIECES[random.nextInt(PIECES.length)]);
        case 1, 2 -> text.append((char) (' ' + random.nextInt(95)));
        case 3 -> text.appendCodePoint(codePoint(random, 0x800));
        case 4 -> text.appendCodePoint(codePoint(random, 0x10000));
        default -> text.appendCodePoint(codePoint(random, 0x110000));
      }
    }
    return text.toString();
  }

  private static int codePoint(Random random, int limit) {
    int code = random.nextInt(limit);
    boolean surrogate = code >= 0xD800 && code <= 0xDFFF;
    return surrogate || code == 0xFFFD ? '?' : code;
  }
}
