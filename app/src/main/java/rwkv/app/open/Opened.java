package rwkv.app.open;

import org.jspecify.annotations.Nullable;

/**
 * The open model and how its text is read.
 *
 * @param tokenizer null if none suits the model
 * @param goesOn whether the text of the model before goes on, on another device
 */
public record Opened(OpenModel model, @Nullable TokenizerChoice tokenizer, boolean goesOn) {

  /** A model whose text begins anew. */
  public Opened(OpenModel model, @Nullable TokenizerChoice tokenizer) {
    this(model, tokenizer, false);
  }
}
