package rwkv.app.open;

import org.jspecify.annotations.Nullable;

/**
 * The open model and how its text is read.
 *
 * @param tokenizer null if none suits the model
 */
public record Opened(OpenModel model, @Nullable TokenizerChoice tokenizer) {}
