package rwkv.engine.bench;

import java.util.OptionalLong;

/**
 * What {@link ModelBench} found.
 *
 * @param prefill tokens per second
 * @param decode tokens per second
 * @param bytesPerToken bytes of weights that one decoded token reads
 * @param memory reads of a region that no cache holds
 * @param modelSized reads of a region as large as the weights that a token reads
 * @param cacheBytes the machine's largest cache, where known
 * @param peakResidentBytes the most memory the process had occupied when the model had run, before
 *     memory was measured; where known
 */
public record BenchResult(
    Samples prefill,
    Samples decode,
    long bytesPerToken,
    Region memory,
    Region modelSized,
    OptionalLong cacheBytes,
    OptionalLong peakResidentBytes) {

  /**
   * A region of memory and how fast it was read.
   *
   * @param bytesPerSecond by all threads together
   */
  public record Region(long bytes, Samples bytesPerSecond) {}

  /** Tokens per second at most, if every weight must come from memory for every token. */
  public double ceiling() {
    return memory.bytesPerSecond.median() / bytesPerToken;
  }

  /** Share of {@link #ceiling} that decoding reached; above 1 where caches help. */
  public double share() {
    return decode.median() / ceiling();
  }

  /**
   * Tokens per second at most, as fast as memory of the weights' own size is read again and again.
   */
  public double modelSizedCeiling() {
    return modelSized.bytesPerSecond.median() / bytesPerToken;
  }

  /** Share of {@link #modelSizedCeiling} that decoding reached. */
  public double modelSizedShare() {
    return decode.median() / modelSizedCeiling();
  }

  /** Whether the weights fit a cache, so that memory bandwidth does not bound decoding. */
  public boolean fitsCache() {
    return cacheBytes.isPresent() && bytesPerToken <= cacheBytes.getAsLong();
  }
}
