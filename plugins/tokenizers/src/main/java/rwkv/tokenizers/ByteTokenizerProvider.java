package rwkv.tokenizers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/**
 * Offers {@link ByteTokenizer}: surely to models of 256 tokens, and at a pinch to larger ones, so
 * that a model without a vocabulary file can at least be fed.
 */
public final class ByteTokenizerProvider implements TokenizerProvider {

  private static final int VALUES = 256;
  private static final int EXACT = 90;
  private static final int AT_A_PINCH = 5;

  @Override
  public String id() {
    return "byte";
  }

  @Override
  public String name() {
    return "Bytes";
  }

  @Override
  public boolean needsFile() {
    return false;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    int size = model.vocabularySize();
    if (size < VALUES) {
      return List.of();
    }
    return List.of(
        size == VALUES
            ? new Offer(id(), Optional.empty(), EXACT, "the model has 256 tokens, one per byte")
            : new Offer(
                id(), Optional.empty(), AT_A_PINCH, "any model can be fed bytes, if nothing fits"));
  }

  @Override
  public Tokenizer create(Optional<Path> vocabulary) {
    vocabulary.ifPresent(file -> {
      throw new IllegalArgumentException("it takes no vocabulary file, but was given " + file);
    });
    return new ByteTokenizer();
  }
}
