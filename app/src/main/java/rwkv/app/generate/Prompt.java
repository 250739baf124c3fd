package rwkv.app.generate;

import java.util.Arrays;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Tokenizer;

/** What is in the prompt editor, and the text that the present run began with. */
final class Prompt {

  private final StringProperty text = new SimpleStringProperty("");
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private String first = "";
  private @Nullable Tokenizer tokenizer;
  private int vocabulary;

  Prompt() {
    text.subscribe(_ -> problem.set(""));
  }

  StringProperty textProperty() {
    return text;
  }

  ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  void use(@Nullable Tokenizer other, int vocabularySize) {
    tokenizer = other;
    vocabulary = vocabularySize;
    problem.set("");
  }

  /**
   * The tokens of the text, or null if they cannot be had, with the problem told.
   *
   * @param beginning whether nothing has been read yet, so that no tokens at all will not do
   */
  int @Nullable [] encode(boolean beginning) {
    if (tokenizer == null) {
      problem.set("No tokenizer suits this model; choose a vocabulary file in the model card.");
      return null;
    }
    if (text.get().isEmpty()) {
      return beginning ? beginning(tokenizer) : new int[0];
    }
    try {
      int[] tokens = tokenizer.encode(text.get());
      int largest = Arrays.stream(tokens).max().orElse(0);
      if (largest < vocabulary) {
        return tokens;
      }
      problem.set(
          "The tokenizer gives token %d, but the model knows only %d tokens; choose another one in"
                  .formatted(largest, vocabulary)
              + " the model card.");
    } catch (IllegalArgumentException e) {
      problem.set("This text cannot be read by the model: " + e.getMessage());
    }
    return null;
  }

  /** The text has been read. */
  void taken(boolean beginning) {
    if (beginning) {
      first = text.get();
    }
    text.set("");
  }

  /** Brings back what the run began with, unless something else has been typed. */
  void restore() {
    if (text.get().isBlank()) {
      text.set(first);
    }
  }

  private int @Nullable [] beginning(Tokenizer known) {
    if (known.endOfText() >= 0) {
      return new int[] {known.endOfText()};
    }
    problem.set("Type a text for the model to go on from.");
    return null;
  }
}
