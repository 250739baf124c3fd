package rwkv.app.open;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import rwkv.plugin.PluginProblem;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers;

/**
 * Picks tokenizers for models.
 *
 * @param source gives those that are installed now
 * @param folders where to look for vocabulary files, beside the model's own folder
 */
public record TokenizerChooser(Supplier<Tokenizers> source, List<Path> folders) {

  public TokenizerChooser {
    folders = List.copyOf(folders);
  }

  /** Picks from these, whatever is installed later. */
  public TokenizerChooser(Tokenizers tokenizers, List<Path> folders) {
    this(() -> tokenizers, folders);
  }

  /**
   * The best offer that works; empty if there is none. Problems on the way go to {@code trouble}.
   */
  Optional<TokenizerChoice> best(Path model, int vocabularySize, List<String> trouble) {
    Tokenizers tokenizers = source.get();
    Tokenizers.Ranking ranking = tokenizers.rank(hint(model, vocabularySize));
    for (PluginProblem problem : ranking.problems()) {
      trouble.add("Tokenizer plugin " + problem + ".");
    }
    for (Offer offer : ranking.offers()) {
      try {
        return Optional.of(new TokenizerChoice(tokenizers.create(offer), offer, ranking.offers()));
      } catch (IOException | RuntimeException e) {
        trouble.add("Tokenizer " + offer.provider() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** The tokenizer of one of the offers for a model. */
  TokenizerChoice of(Offer offer, List<Offer> offers) throws IOException {
    return new TokenizerChoice(source.get().create(offer), offer, offers);
  }

  /** A tokenizer from a file that a person chose: the first kind that can read it. */
  TokenizerChoice fromFile(Path vocabulary, Path model, int vocabularySize) throws IOException {
    Tokenizers tokenizers = source.get();
    List<String> refused = new ArrayList<>();
    for (TokenizerProvider provider : tokenizers.providers()) {
      if (provider.needsFile()) {
        Offer offer = new Offer(provider.id(), Optional.of(vocabulary), 100, "chosen by you");
        try {
          List<Offer> offers = new ArrayList<>(tokenizers.offers(hint(model, vocabularySize)));
          offers.removeIf(other -> other.vocabulary().equals(offer.vocabulary()));
          offers.addFirst(offer);
          return of(offer, offers);
        } catch (IOException | RuntimeException e) {
          refused.add(provider.name() + ": " + e.getMessage());
        }
      }
    }
    throw new IOException(
        "%s is no vocabulary file: %s".formatted(vocabulary, String.join("; ", refused)));
  }

  /** What all tokenizers that are installed now offer for a model, best first. */
  List<Offer> offers(Path model, int vocabularySize) {
    return source.get().offers(hint(model, vocabularySize));
  }

  private ModelHint hint(Path model, int vocabularySize) {
    return new ModelHint(vocabularySize, model, folders);
  }
}
