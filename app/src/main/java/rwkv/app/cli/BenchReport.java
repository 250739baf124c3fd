package rwkv.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import rwkv.engine.bench.BenchPlan;
import rwkv.engine.bench.BenchResult;
import rwkv.engine.bench.Samples;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Engine;

/**
 * What {@code rwkv bench --json} prints. Scripts rely on the names: add, never rename. Sizes in
 * bytes, times in seconds.
 *
 * @param backend what computed, as in "cpu"
 * @param loadSeconds opening the file, checking every weight and arranging what needs it
 * @param weightBytesPerToken what one decoded token must read
 * @param memory a region that no cache holds
 * @param modelSized a region as large as the weights that a token reads
 * @param ceilingTokensPerSecond if every weight comes from memory for every token
 * @param shareOfCeiling what decoding reached of it; above 1 where caches help
 * @param modelSizedCeilingTokensPerSecond as fast as a region of the weights' own size is read
 * @param shareOfModelSizedCeiling what decoding reached of it
 * @param largestCacheBytes null where unknown
 * @param weightsFitCache whether caches hold the weights, so that {@code shareOfModelSizedCeiling}
 *     is the one that means something
 * @param peakResidentBytes of the process when the model had run; null where unknown
 */
record BenchReport(
    String model,
    String version,
    long parameters,
    String dtype,
    String backend,
    String device,
    int threads,
    double loadSeconds,
    Speed prefill,
    Speed decode,
    long weightBytesPerToken,
    Memory memory,
    Memory modelSized,
    double ceilingTokensPerSecond,
    double shareOfCeiling,
    double modelSizedCeilingTokensPerSecond,
    double shareOfModelSizedCeiling,
    @Nullable Long largestCacheBytes,
    boolean weightsFitCache,
    @Nullable Long peakResidentBytes) {

  /**
   * How fast tokens were read or made.
   *
   * @param tokens of every repeat
   * @param chunk tokens at a time
   * @param tokensPerSecond the median
   * @param repeats tokens per second of every repeat, in order
   */
  record Speed(int tokens, int chunk, double tokensPerSecond, List<Double> repeats) {
    static Speed of(int tokens, int chunk, Samples samples) {
      return new Speed(tokens, chunk, samples.median(), samples.values());
    }
  }

  /**
   * How fast memory was read.
   *
   * @param regionBytes that were read again and again
   * @param bytesPerSecond the median
   * @param repeats bytes per second of every repeat, in order
   */
  record Memory(long regionBytes, double bytesPerSecond, List<Double> repeats) {
    static Memory of(BenchResult.Region region) {
      Samples speed = region.bytesPerSecond();
      return new Memory(region.bytes(), speed.median(), speed.values());
    }
  }

  static BenchReport of(
      Engine engine,
      String backend,
      int threads,
      double loadSeconds,
      BenchPlan plan,
      BenchResult result) {
    ModelSpec spec = engine.spec();
    return new BenchReport(
        engine.file().toString(),
        spec.version().title(),
        spec.parameters(),
        spec.stored().name().toLowerCase(Locale.ROOT),
        backend,
        engine.device(),
        threads,
        loadSeconds,
        Speed.of(plan.prefill(), Math.min(plan.chunk(), plan.prefill()), result.prefill()),
        Speed.of(plan.decode(), 1, result.decode()),
        result.bytesPerToken(),
        Memory.of(result.memory()),
        Memory.of(result.modelSized()),
        result.ceiling(),
        result.share(),
        result.modelSizedCeiling(),
        result.modelSizedShare(),
        orNull(result.cacheBytes()),
        result.fitsCache(),
        orNull(result.peakResidentBytes()));
  }

  private static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }
}
