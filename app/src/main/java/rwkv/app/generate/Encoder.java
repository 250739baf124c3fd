package rwkv.app.generate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Tokenizer;

/** Turns text into tokens that the model knows; a refusal is a sentence for a person. */
final class Encoder {

  private @Nullable Tokenizer tokenizer;
  private int vocabulary;

  void use(@Nullable Tokenizer other, int vocabularySize) {
    tokenizer = other;
    vocabulary = vocabularySize;
  }

  /**
   * The tokens of a text.
   *
   * @throws IllegalArgumentException if they cannot be had
   */
  int[] encode(String text) {
    Tokenizer known = tokenizer();
    if (text.isEmpty()) {
      return new int[0];
    }
    int[] tokens;
    try {
      tokens = known.encode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "This text cannot be read by the model: " + e.getMessage(), e);
    }
    int largest = Arrays.stream(tokens).max().orElse(0);
    if (largest >= vocabulary) {
      throw new IllegalArgumentException(
          "The tokenizer gives token %d, but the model knows only %d tokens; choose another one in"
                  .formatted(largest, vocabulary)
              + " the model card.");
    }
    return tokens;
  }

  /**
   * What is read where there is no text.
   *
   * @throws IllegalArgumentException if that cannot be
   */
  int[] beginning() {
    int endOfText = tokenizer().endOfText();
    if (endOfText < 0) {
      throw new IllegalArgumentException("Type a text for the model to go on from.");
    }
    return new int[] {endOfText};
  }

  private Tokenizer tokenizer() {
    if (tokenizer == null) {
      throw new IllegalArgumentException(
          "No tokenizer suits this model; choose a vocabulary file in the model card.");
    }
    return tokenizer;
  }
}
