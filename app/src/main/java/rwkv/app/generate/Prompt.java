package rwkv.app.generate;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import rwkv.app.prompt.PromptTemplate;
import rwkv.plugin.Tokenizer;

/** What is in the prompt editor, and the text that the present run began with. */
final class Prompt {

  private final StringProperty text = new SimpleStringProperty("");
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final Encoder encoder = new Encoder();
  private String first = "";

  Prompt() {
    text.subscribe(_ -> problem.set(""));
  }

  StringProperty textProperty() {
    return text;
  }

  ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** Turns any text into tokens. */
  Encoder encoder() {
    return encoder;
  }

  void use(@Nullable Tokenizer other, int vocabularySize) {
    encoder.use(other, vocabularySize);
    problem.set("");
  }

  /**
   * The tokens of the text as a template writes it, or null if they cannot be had, with the problem
   * told.
   *
   * @param before the end of what has been read; null if nothing has, so that no tokens at all will
   *     not do
   */
  int @Nullable [] encode(PromptTemplate template, @Nullable String before) {
    String typed = text.get();
    try {
      if (template.isPlain() ? typed.isEmpty() : typed.isBlank()) {
        return before == null ? encoder.beginning() : encoder.encode("");
      }
      return encoder.encode(
          before == null ? template.first(typed, "") : template.later(typed, before));
    } catch (IllegalArgumentException e) {
      problem.set(e.getMessage());
      return null;
    }
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
}
