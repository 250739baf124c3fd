package rwkv.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;

/**
 * The tokenizer providers of one run, and the choice among them. Immutable; who loads plugins again
 * makes a new one.
 *
 * <p>Providers come from other people's jars. One that fails while it is loaded or while it offers
 * is named in a {@link PluginProblem} and left out; it never keeps the others from working.
 */
public final class Tokenizers {

  private static final Comparator<Offer> BEST_FIRST =
      Comparator.comparingInt(Offer::score).reversed().thenComparing(Offer::provider);

  private final Map<String, TokenizerProvider> providers;
  private final List<PluginProblem> problems;

  private Tokenizers(List<TokenizerProvider> providers, List<PluginProblem> problems) {
    Map<String, TokenizerProvider> byId = new TreeMap<>();
    for (TokenizerProvider provider : providers) {
      try {
        TokenizerProvider earlier = byId.putIfAbsent(provider.id(), provider);
        if (earlier != null) {
          throw new IllegalArgumentException(
              "the identifier '%s' is taken by %s"
                  .formatted(provider.id(), earlier.getClass().getName()));
        }
      } catch (RuntimeException | LinkageError e) {
        problems.add(PluginProblem.of(provider.getClass().getName(), e));
      }
    }
    this.providers = Collections.unmodifiableMap(byId);
    this.problems = List.copyOf(problems);
  }

  /** The providers that a loader finds; the ones it cannot load are in {@link #problems()}. */
  public static Tokenizers load(ServiceLoader<TokenizerProvider> loader) {
    List<PluginProblem> problems = new ArrayList<>();
    return new Tokenizers(Services.load(loader, problems), problems);
  }

  /** These providers; of two with the same identifier the first counts. */
  public static Tokenizers of(List<? extends TokenizerProvider> providers) {
    return new Tokenizers(List.copyOf(providers), new ArrayList<>());
  }

  /** These and more; of two with the same identifier the first counts, as does ours. */
  public Tokenizers with(List<? extends TokenizerProvider> more) {
    List<TokenizerProvider> all = new ArrayList<>(providers.values());
    all.addAll(more);
    return new Tokenizers(all, new ArrayList<>(problems));
  }

  /** The providers, by identifier in alphabetical order. */
  public List<TokenizerProvider> providers() {
    return List.copyOf(providers.values());
  }

  /** What went wrong while the providers were loaded. */
  public List<PluginProblem> problems() {
    return problems;
  }

  /** Asks every provider what it could offer for a model. */
  public Ranking rank(ModelHint model) {
    List<Offer> offers = new ArrayList<>();
    List<PluginProblem> failed = new ArrayList<>();
    providers.forEach((id, provider) -> {
      try {
        offers.addAll(checked(id, provider.offers(model)));
      } catch (RuntimeException | LinkageError e) {
        failed.add(PluginProblem.of(id, e));
      }
    });
    // A stable sort: offers of one provider with equal scores stay in its own order.
    offers.sort(BEST_FIRST);
    return new Ranking(offers, failed);
  }

  /** All offers for a model, best first: {@link #rank} without its problems. */
  public List<Offer> offers(ModelHint model) {
    return rank(model).offers();
  }

  /** The best offer for a model, empty if no provider suits it: {@link #rank} without the rest. */
  public Optional<Offer> best(ModelHint model) {
    return rank(model).best();
  }

  /**
   * Makes the tokenizer of an offer.
   *
   * @throws IOException as {@link #create(String, Optional)}
   */
  public Tokenizer create(Offer offer) throws IOException {
    return create(offer.provider(), offer.vocabulary());
  }

  /**
   * Makes a tokenizer that a person chose.
   *
   * @param id the provider's {@link TokenizerProvider#id()}
   * @param vocabulary the vocabulary file; empty for a provider that needs none
   * @throws IllegalArgumentException if no provider has that identifier (the message lists those
   *     there are), or if it needs a file and none is given
   * @throws IOException if the file cannot be read or is not a vocabulary of that kind, or if the
   *     provider fails
   */
  public Tokenizer create(String id, Optional<Path> vocabulary) throws IOException {
    TokenizerProvider provider = providers.get(id);
    if (provider == null) {
      throw new IllegalArgumentException(
          "no tokenizer is called '%s'; there are: %s"
              .formatted(id, String.join(", ", providers.keySet())));
    }
    if (vocabulary.isEmpty() && provider.needsFile()) {
      throw new IllegalArgumentException(
          "the tokenizer '%s' needs a vocabulary file".formatted(id));
    }
    try {
      return provider.create(vocabulary);
    } catch (RuntimeException | LinkageError e) {
      throw new IOException("the tokenizer '%s' failed: %s".formatted(id, e), e);
    }
  }

  private static List<Offer> checked(String id, List<Offer> offers) {
    for (Offer offer : offers) {
      if (!offer.provider().equals(id)) {
        throw new IllegalStateException(
            "it made an offer in the name of '%s'".formatted(offer.provider()));
      }
    }
    return offers;
  }

  /**
   * The answers of all providers for one model.
   *
   * @param offers all offers, best first; equal scores by identifier
   * @param problems the providers that failed to answer
   */
  public record Ranking(List<Offer> offers, List<PluginProblem> problems) {
    public Ranking {
      offers = List.copyOf(offers);
      problems = List.copyOf(problems);
    }

    /** The offer to take unless a person chooses another; empty if there is none. */
    public Optional<Offer> best() {
      return offers.stream().findFirst();
    }
  }
}
