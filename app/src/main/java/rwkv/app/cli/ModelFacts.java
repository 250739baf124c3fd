package rwkv.app.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Engine;
import rwkv.plugin.TokenizerProvider.Offer;

/**
 * What {@code rwkv info --json} prints. Scripts rely on the names: add, never rename. Sizes in
 * bytes.
 *
 * @param version as in "RWKV-7"
 * @param ranks of the low-rank projections by letter
 * @param dtype what most weights are stored as, as in "bf16"
 * @param weightBytesPerToken what one decoded token must read
 * @param stateBytes of one sequence, in f32
 * @param transformerCacheBytes by number of tokens: the key-value cache of a transformer of as many
 *     layers and channels, in f16
 * @param tokenizers that suit the vocabulary, best first
 */
record ModelFacts(
    String file,
    String format,
    long fileBytes,
    String version,
    int layers,
    int channels,
    int heads,
    int headSize,
    int ffnChannels,
    int vocabulary,
    Map<String, Integer> ranks,
    long parameters,
    String dtype,
    long weightBytes,
    long weightBytesPerToken,
    long stateBytes,
    long stateBytesPerToken,
    Map<String, Long> transformerCacheBytes,
    List<Choice> tokenizers) {

  /**
   * A tokenizer that could be used.
   *
   * @param vocabulary its file; null if it needs none
   * @param score 0 (works at a pinch) to 100 (surely the right one)
   */
  record Choice(String id, @Nullable String vocabulary, int score, String reason) {
    static Choice of(Offer offer) {
      String file = offer.vocabulary().map(String::valueOf).orElse(null);
      return new Choice(offer.provider(), file, offer.score(), offer.reason());
    }
  }

  static ModelFacts of(Engine engine, List<Offer> offers) throws IOException {
    ModelSpec spec = engine.spec();
    Map<String, Integer> ranks = new LinkedHashMap<>();
    Stream.of("mix", "w", "a", "v", "g")
        .filter(spec.ranks()::containsKey)
        .forEach(letter -> ranks.put(letter, spec.ranks().getOrDefault(letter, 0)));
    Map<String, Long> cache = new LinkedHashMap<>();
    for (long tokens : new long[] {1_000, 100_000}) {
      cache.put(String.valueOf(tokens), spec.transformerCacheBytes(tokens));
    }
    return new ModelFacts(
        engine.file().toString(),
        engine.format(),
        engine.fileBytes(),
        spec.version().title(),
        spec.layers(),
        spec.channels(),
        spec.heads(),
        spec.headSize(),
        spec.ffnChannels(),
        spec.vocabulary(),
        ranks,
        spec.parameters(),
        spec.stored().name().toLowerCase(Locale.ROOT),
        spec.weightBytes(),
        engine.model().weightBytesPerToken(),
        spec.stateBytes(),
        spec.stateBytesPerToken(),
        cache,
        offers.stream().map(Choice::of).toList());
  }
}
