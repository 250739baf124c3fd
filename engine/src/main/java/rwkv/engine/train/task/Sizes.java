package rwkv.engine.train.task;

/**
 * How much a step learns from.
 *
 * @param sequences of a batch
 * @param time tokens of a sequence
 * @param seed of all that is drawn
 */
public record Sizes(int sequences, int time, long seed) {

  private static final int MOST_SEQUENCES = 65_536;
  private static final int MOST_TIME = 1 << 20;

  /**
   * @throws IllegalArgumentException naming the size that is out of its range
   */
  public Sizes {
    if (sequences < 1 || sequences > MOST_SEQUENCES) {
      throw new IllegalArgumentException(
          "batch: %d sequences, expected 1 to %d".formatted(sequences, MOST_SEQUENCES));
    }
    if (time < 1 || time > MOST_TIME) {
      throw new IllegalArgumentException(
          "window: %d tokens, expected 1 to %d".formatted(time, MOST_TIME));
    }
    if ((long) sequences * time > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "a batch of %d sequences of %d tokens is too large".formatted(sequences, time));
    }
  }
}
