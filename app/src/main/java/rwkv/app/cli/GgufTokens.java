package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.convert.GgufVocabulary;
import rwkv.engine.session.Engine;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider.Offer;

/** The vocabulary for a GGUF file, whose reader takes the longest token that fits. */
final class GgufTokens {

  /** Tokenizers that do so too; a BPE's tokens would be put together in another way. */
  private static final List<String> LONGEST_FIRST = List.of("world", "vocabulary", "gguf", "byte");

  /** An offer below this is a guess. */
  private static final int DOUBTFUL = 10;

  private GgufTokens() {}

  /**
   * The vocabulary of a file, of the one the model brings or of one that is found for it; null
   * where there is none.
   *
   * @throws IOException if no vocabulary can be read from the file
   */
  static @Nullable GgufVocabulary find(RwkvCommand root, Engine engine, @Nullable Path file)
      throws IOException {
    TokenizerChoices choices = new TokenizerChoices(root, engine);
    if (file != null) {
      return of(read(choices, file));
    }
    for (Offer offer : choices.ranked()) {
      if (offer.score() >= DOUBTFUL && LONGEST_FIRST.contains(offer.provider())) {
        return of(choices.choose(offer.provider(), offer.vocabulary().orElse(null)));
      }
    }
    return null;
  }

  private static Tokenizer read(TokenizerChoices choices, Path file) {
    List<String> refused = new ArrayList<>();
    for (String provider : LONGEST_FIRST) {
      if (!provider.equals("byte")) {
        try {
          return choices.choose(provider, file);
        } catch (IOException | BadInput e) {
          refused.add(provider + ": " + e.getMessage());
        }
      }
    }
    throw new BadInput("--vocabulary " + file + " cannot be used: " + String.join("; ", refused));
  }

  private static GgufVocabulary of(Tokenizer tokenizer) {
    return GgufVocabulary.of(tokenizer.vocabularySize(), tokenizer::bytes);
  }
}
