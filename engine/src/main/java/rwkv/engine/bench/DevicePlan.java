package rwkv.engine.bench;

import java.util.List;

/**
 * What {@link DeviceBench} measures of every shape.
 *
 * @param batches sequences that are decoded side by side, one after the other
 * @param prefill tokens of a prompt, read in one go
 * @param sequences and
 * @param time tokens of the recurrence alone
 * @param repeats how often each is measured; medians count
 * @param seconds that a repeat takes about, where a single step is shorter
 * @param copied bytes whose copy tells the bandwidth, as far as there is memory for them twice
 * @param product rows of the product that tells the rate of operations, with weights of eight times
 *     as many outputs by twice as many inputs
 */
public record DevicePlan(
    List<Integer> batches,
    int prefill,
    int sequences,
    int time,
    int repeats,
    double seconds,
    long copied,
    int product) {

  /** What is to be known of a card. */
  public static final DevicePlan FULL =
      new DevicePlan(List.of(1, 32, 256), 2048, 8, 2048, 9, 0.25, 1L << 30, 2048);

  /** The same for a processor, which is a thousand times slower, or for somebody in a hurry. */
  public static final DevicePlan MODEST =
      new DevicePlan(List.of(1, 32, 256), 2048, 1, 256, 3, 0.1, 512L << 20, 256);

  /** Enough to see that it runs. */
  public static final DevicePlan QUICK =
      new DevicePlan(List.of(1, 4), 32, 1, 32, 3, 0.02, 64L << 20, 128);

  /**
   * @throws IllegalArgumentException naming the number that is too small
   */
  public DevicePlan {
    batches = List.copyOf(batches);
    batches.forEach(batch -> check("batch", batch));
    check("prefill", prefill);
    check("sequences", sequences);
    check("time", time);
    check("repeats", repeats);
    check("copied", copied);
    check("product", product);
  }

  private static void check(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be at least 1");
    }
  }
}
