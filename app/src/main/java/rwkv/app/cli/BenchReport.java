package rwkv.app.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import rwkv.engine.bench.BenchPlan;
import rwkv.engine.bench.BenchResult;
import rwkv.engine.bench.Machine;
import rwkv.engine.bench.Startup;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Tensor;

/**
 * What {@code rwkv bench --json} prints. Scripts rely on the names: add, never rename. Sizes in
 * bytes, times in seconds, speeds are medians.
 *
 * @param date when it was measured, as in 2026-03-01T12:00:00Z
 * @param backend what computed, as in "cpu"
 * @param measurements what was asked for beside the rest
 */
record BenchReport(
    Model model,
    Machine machine,
    String date,
    String backend,
    String device,
    int threads,
    Load load,
    FirstToken firstToken,
    Prefill prefill,
    Decode decode,
    Weights weights,
    Bandwidth bandwidth,
    Memory memory,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ChannelMixing channelMixing,
    @JsonInclude(JsonInclude.Include.NON_NULL) BenchExtras.@Nullable Results measurements) {

  /**
   * @param file or what it is instead
   * @param dtype that most numbers are stored in
   * @param bytes of all tensors
   */
  record Model(
      String file,
      String version,
      int layers,
      int channels,
      int vocabulary,
      long parameters,
      String dtype,
      long bytes) {}

  /** Opening the model, checking every weight and arranging what needs it. */
  record Load(double seconds) {}

  /** From the start of the process, without drawing random weights; nothing was warm. */
  record FirstToken(double seconds) {}

  /**
   * @param tokens of every repeat
   * @param chunk tokens at a time
   * @param repeats tokens per second of each
   */
  record Prefill(double tokensPerSecond, int tokens, int chunk, List<Double> repeats) {}

  /**
   * @param shareOfCeiling reached of the dense ceiling, 1.0 being all; above where caches help or
   *     zeros are skipped
   * @param ceilingTokensPerSecond the dense ceiling: what memory's bandwidth allows if every weight
   *     comes from memory for every token
   * @param shareOfModelSizedCeiling the same of a ceiling by how fast a region as large as the
   *     weights is read, which is the one that means something where caches hold them
   * @param tokens of every repeat
   * @param repeats tokens per second of each
   */
  record Decode(
      double tokensPerSecond,
      double shareOfCeiling,
      double ceilingTokensPerSecond,
      double shareOfModelSizedCeiling,
      double modelSizedCeilingTokensPerSecond,
      int tokens,
      List<Double> repeats) {}

  /**
   * @param bytesPerToken what one decoded token must read
   * @param fitCache whether the largest cache can hold that
   */
  record Weights(long bytesPerToken, boolean fitCache) {}

  /**
   * How fast memory is read that no cache holds.
   *
   * @param modelSized a region as large as the weights that a token reads, read again and again
   */
  record Bandwidth(
      double bytesPerSecond, long regionBytes, List<Double> repeats, Region modelSized) {}

  /** A region of memory that was read again and again. */
  record Region(double bytesPerSecond, long regionBytes, List<Double> repeats) {
    static Region of(BenchResult.Region region) {
      return new Region(
          region.bytesPerSecond().median(), region.bytes(), region.bytesPerSecond().values());
    }
  }

  /**
   * @param residentBytes the most that the process occupied while the model ran, the mapped file
   *     included; null where unknown
   * @param stateBytes of one sequence
   * @param largestCacheBytes null where unknown
   */
  record Memory(@Nullable Long residentBytes, long stateBytes, @Nullable Long largestCacheBytes) {}

  /**
   * @param skipped share of the value matrix's columns that a token skips, its activation being
   *     zero, in a text of random tokens
   */
  record ChannelMixing(double skipped) {}

  /**
   * @param zeros null for models that have no such activation
   */
  static BenchReport of(
      Engine engine,
      String backend,
      int threads,
      Startup startup,
      BenchPlan plan,
      BenchResult result,
      @Nullable Double zeros,
      BenchExtras.@Nullable Results measurements) {
    Region modelSized = Region.of(result.modelSized());
    Region memory = Region.of(result.memory());
    return new BenchReport(
        model(engine),
        Machine.current(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        backend,
        engine.device(),
        threads,
        new Load(startup.load()),
        new FirstToken(startup.firstToken()),
        new Prefill(
            result.prefill().median(),
            plan.prefill(),
            Math.min(plan.chunk(), plan.prefill()),
            result.prefill().values()),
        new Decode(
            result.decode().median(),
            result.share(),
            result.ceiling(),
            result.modelSizedShare(),
            result.modelSizedCeiling(),
            plan.decode(),
            result.decode().values()),
        new Weights(result.bytesPerToken(), result.fitsCache()),
        new Bandwidth(memory.bytesPerSecond(), memory.regionBytes(), memory.repeats(), modelSized),
        new Memory(
            orNull(result.peakResidentBytes()),
            engine.spec().stateBytes(),
            orNull(result.cacheBytes())),
        zeros == null ? null : new ChannelMixing(zeros),
        measurements);
  }

  private static Model model(Engine engine) {
    ModelSpec spec = engine.spec();
    return new Model(
        engine.file().toString(),
        spec.version().title(),
        spec.layers(),
        spec.channels(),
        spec.vocabulary(),
        spec.parameters(),
        WeightTypes.name(spec.stored()),
        engine.checkpoint().tensors().values().stream()
            .map(Tensor::data)
            .mapToLong(data -> data.byteSize())
            .sum());
  }

  private static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }
}
