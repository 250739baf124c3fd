package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rwkv.engine.session.Engine;
import rwkv.plugin.Tokenizer;

/** Which tokenizer, where it is not to be found out. */
final class TokenizerOptions {

  @Option(
      names = "--tokenizer",
      paramLabel = "ID",
      description = "Tokenizer to use; 'rwkv info' lists those that suit a model.")
  private @Nullable String tokenizer;

  @Option(names = "--vocabulary", paramLabel = "FILE", description = "The tokenizer's vocabulary.")
  private @Nullable Path vocabulary;

  /**
   * The tokenizer for a model.
   *
   * @throws IOException if the vocabulary cannot be read
   */
  Tokenizer choose(RwkvCommand root, Engine engine) throws IOException {
    return new TokenizerChoices(root, engine).choose(tokenizer, vocabulary);
  }

  /** The same, with how to make it again. */
  TokenizerChoices.Choice choice(RwkvCommand root, Engine engine) throws IOException {
    return new TokenizerChoices(root, engine).choice(tokenizer, vocabulary);
  }
}
