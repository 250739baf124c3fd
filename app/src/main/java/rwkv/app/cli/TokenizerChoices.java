package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.engine.session.Engine;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers;

/** The tokenizers there are for a model, and the one to use. */
final class TokenizerChoices {

  /** An offer below this works at a pinch only, which a person should know. */
  private static final int DOUBTFUL = 10;

  private final RwkvCommand root;
  private final Tokenizers tokenizers;
  private final List<Offer> offers;
  private final int vocabularySize;

  TokenizerChoices(RwkvCommand root, Engine engine) {
    this.root = root;
    this.vocabularySize = engine.spec().vocabulary();
    this.tokenizers =
        Tokenizers.load(
                ServiceLoader.load(
                    TokenizerProvider.class, TokenizerProvider.class.getClassLoader()))
            .with(root.plugins().stream().flatMap(found -> found.tokenizers().stream()).toList());
    Tokenizers.Ranking ranking =
        tokenizers.rank(new ModelHint(vocabularySize, engine.file(), root.vocabularyFolders()));
    this.offers = ranking.offers();
    tokenizers.problems().forEach(problem -> root.note("tokenizer plugin " + problem));
    ranking.problems().forEach(problem -> root.note("tokenizer plugin " + problem));
  }

  /** What suits the model, best first. */
  List<Offer> ranked() {
    return offers;
  }

  /**
   * The tokenizer that was asked for, or the best that works.
   *
   * @param id of its provider; null for any
   * @param vocabulary its file; null to look for one
   * @throws IOException if the file cannot be read or is no vocabulary
   */
  Tokenizer choose(@Nullable String id, @Nullable Path vocabulary) throws IOException {
    return choice(id, vocabulary).tokenizer();
  }

  /**
   * A tokenizer and how to make it again.
   *
   * @param id of its provider
   * @param vocabulary its file; null if it needs none
   */
  record Choice(Tokenizer tokenizer, String id, @Nullable Path vocabulary) {}

  /** As {@link #choose}. */
  Choice choice(@Nullable String id, @Nullable Path vocabulary) throws IOException {
    if (id != null) {
      Optional<Path> file =
          vocabulary != null
              ? Optional.of(vocabulary)
              : offers.stream()
                  .filter(offer -> offer.provider().equals(id))
                  .findFirst()
                  .flatMap(Offer::vocabulary);
      return new Choice(create(id, file), id, file.orElse(null));
    }
    return vocabulary == null ? best() : reading(vocabulary);
  }

  private Tokenizer create(String id, Optional<Path> vocabulary) throws IOException {
    try {
      return tokenizers.create(id, vocabulary);
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
  }

  private Choice best() {
    for (Offer offer : offers) {
      try {
        Tokenizer tokenizer = tokenizers.create(offer);
        if (offer.score() < DOUBTFUL) {
          root.note("note: using tokenizer " + offer.provider() + " (" + offer.reason() + ")");
        }
        return new Choice(tokenizer, offer.provider(), offer.vocabulary().orElse(null));
      } catch (IOException | IllegalArgumentException e) {
        root.note("tokenizer " + offer.provider() + " cannot be used: " + e.getMessage());
      }
    }
    throw new BadInput(
        "no tokenizer suits the model's vocabulary of "
            + vocabularySize
            + "; choose one with --tokenizer ("
            + ids()
            + ") and --vocabulary FILE");
  }

  /** The first kind of tokenizer that can read the file. */
  private Choice reading(Path vocabulary) {
    List<String> refused = new ArrayList<>();
    for (TokenizerProvider provider : tokenizers.providers()) {
      if (provider.needsFile()) {
        try {
          Tokenizer tokenizer = tokenizers.create(provider.id(), Optional.of(vocabulary));
          return new Choice(tokenizer, provider.id(), vocabulary);
        } catch (IOException | IllegalArgumentException e) {
          refused.add(provider.id() + ": " + e.getMessage());
        }
      }
    }
    throw new BadInput(
        "--vocabulary " + vocabulary + " cannot be used: " + String.join("; ", refused));
  }

  private String ids() {
    return tokenizers.providers().stream()
        .map(TokenizerProvider::id)
        .collect(Collectors.joining(", "));
  }
}
