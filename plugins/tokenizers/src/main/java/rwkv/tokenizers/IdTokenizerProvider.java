package rwkv.tokenizers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/** Offers {@link IdTokenizer} to every model, behind everything else. */
public final class IdTokenizerProvider implements TokenizerProvider {

  private static final int LAST = 1;

  @Override
  public String id() {
    return "ids";
  }

  @Override
  public String name() {
    return "Token ids";
  }

  @Override
  public boolean needsFile() {
    return false;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    return List.of(
        new Offer(id(), Optional.empty(), LAST, "any model can be fed token ids, as in 1 2 3"));
  }

  @Override
  public Tokenizer create(Optional<Path> vocabulary) {
    vocabulary.ifPresent(file -> {
      throw new IllegalArgumentException("it takes no vocabulary file, but was given " + file);
    });
    return new IdTokenizer();
  }
}
