package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/**
 * The RWKV vocabulary that a model in a GGUF file carries: surely the right one for it. For models
 * in other files, and GGUF files whose vocabulary is of another kind, it makes no offer.
 */
public final class GgufTokenizerProvider implements TokenizerProvider {

  private static final int ITS_OWN = 100;

  @Override
  public String id() {
    return "gguf";
  }

  @Override
  public String name() {
    return "Vocabulary in the GGUF";
  }

  @Override
  public boolean needsFile() {
    return true;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    Path file = model.modelFile();
    OptionalInt size = GgufVocabulary.size(file);
    if (size.isEmpty() || size.getAsInt() > model.vocabularySize()) {
      return List.of();
    }
    String reason = "the model's file carries it, %d tokens".formatted(size.getAsInt());
    return List.of(new Offer(id(), Optional.of(file), ITS_OWN, reason));
  }

  /**
   * {@inheritDoc}
   *
   * @param vocabulary the GGUF file
   */
  @Override
  public Tokenizer create(Optional<Path> vocabulary) throws IOException {
    Path file = vocabulary.orElseThrow();
    GgufVocabulary read = GgufVocabulary.read(file);
    return new TrieTokenizer(
        "RWKV (%s)".formatted(file.getFileName()), read.vocabulary(), read.endOfText());
  }
}
