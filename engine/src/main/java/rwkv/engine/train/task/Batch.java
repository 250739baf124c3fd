package rwkv.engine.train.task;

import java.util.Arrays;
import java.util.Locale;

/**
 * Tokens to learn from in one pass.
 *
 * @param tokens {@code [sequences, time]}, row-major
 * @param targets the token that should follow each, or -1 where it does not count
 * @param weights how much each target counts, not negative, {@code [sequences, time]}
 * @param carried whether the sequences go on from those of the batch before, whose states then stay
 */
public record Batch(
    int sequences, int time, int[] tokens, int[] targets, float[] weights, boolean carried) {

  /** A target that does not count. */
  public static final int NOT_SCORED = -1;

  /** A batch whose targets weigh alike. */
  public Batch(int sequences, int time, int[] tokens, int[] targets, boolean carried) {
    this(sequences, time, tokens, targets, ones(targets.length), carried);
  }

  /**
   * @throws IllegalArgumentException if there are more or fewer tokens than that
   */
  public Batch {
    if (sequences < 1
        || time < 1
        || tokens.length != targets.length
        || tokens.length != weights.length
        || tokens.length != sequences * time) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d tokens, %d targets and %d weights for %d sequences of %d",
              tokens.length,
              targets.length,
              weights.length,
              sequences,
              time));
    }
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
