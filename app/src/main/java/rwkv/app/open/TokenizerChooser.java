package rwkv.app.open;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rwkv.plugin.PluginProblem;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers;

/**
 * Picks tokenizers for models.
 *
 * @param tokenizers the installed ones
 * @param folders where to look for vocabulary files, beside the model's own folder
 */
public record TokenizerChooser(Tokenizers tokenizers, List<Path> folders) {

  public TokenizerChooser {
    folders = List.copyOf(folders);
  }

  /**
   * The best offer that works; empty if there is none. Problems on the way go to {@code trouble}.
   */
  Optional<TokenizerChoice> best(Path model, int vocabularySize, List<String> trouble) {
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
    return new TokenizerChoice(tokenizers.create(offer), offer, offers);
  }

  /** A tokenizer from a file that a person chose: the first kind that can read it. */
  TokenizerChoice fromFile(Path vocabulary, Path model, int vocabularySize) throws IOException {
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

  private ModelHint hint(Path model, int vocabularySize) {
    return new ModelHint(vocabularySize, model, folders);
  }
}
