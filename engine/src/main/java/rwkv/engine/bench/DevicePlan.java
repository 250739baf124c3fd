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
 */
public record DevicePlan(
    List<Integer> batches, int prefill, int sequences, int time, int repeats, double seconds) {

  /** What is to be known of a card. */
  public static final DevicePlan FULL = new DevicePlan(List.of(1, 32, 256), 2048, 8, 2048, 9, 0.25);

  /** The same for a processor, which is a thousand times slower, or for somebody in a hurry. */
  public static final DevicePlan MODEST = new DevicePlan(List.of(1, 32, 256), 2048, 1, 256, 3, 0.1);

  /** Enough to see that it runs. */
  public static final DevicePlan QUICK = new DevicePlan(List.of(1, 4), 32, 1, 32, 3, 0.02);

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
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be at least 1");
    }
  }
}
