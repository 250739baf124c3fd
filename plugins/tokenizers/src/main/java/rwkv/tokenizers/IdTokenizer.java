package rwkv.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import rwkv.plugin.Tokenizer;

/**
 * Text is the token ids themselves: whole numbers, each with a space behind it. For models whose
 * tokens stand for no text, or for none that is known here.
 */
public final class IdTokenizer implements Tokenizer {

  private static final int MOST_DIGITS = 7;

  /** Ten millions: more than any model has rows. */
  private static final int SIZE = 10_000_000;

  @Override
  public String name() {
    return "Token ids";
  }

  @Override
  public int vocabularySize() {
    return SIZE;
  }

  /**
   * @throws IllegalArgumentException if there is anything but whole numbers between spaces and
   *     commas
   */
  @Override
  public int[] encode(String text) {
    return Arrays.stream(text.split("[\\s,]+"))
        .filter(word -> !word.isEmpty())
        .mapToInt(IdTokenizer::id)
        .toArray();
  }

  private static int id(String word) {
    if (!word.matches("[0-9]{1," + MOST_DIGITS + "}")) {
      String shown = word.length() > 20 ? word.substring(0, 20) + "…" : word;
      throw new IllegalArgumentException(
          "expected token ids, whole numbers with spaces between them; found '" + shown + "'");
    }
    return Integer.parseInt(word);
  }

  @Override
  public byte[] bytes(int token) {
    return token >= 0 && token < SIZE
        ? (token + " ").getBytes(StandardCharsets.US_ASCII)
        : new byte[0];
  }

  @Override
  public int endOfText() {
    return -1;
  }
}
