package rwkv.probes;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import rwkv.plugin.ProbeContext;

/**
 * Runs of tokens that come again, and the same without their first coming: sequence 2i is a run,
 * other tokens and the run again; in sequence 2i + 1 the first run is another one.
 *
 * @param sequences {@code [2 · examples, distance + run]}
 */
record RepeatedRuns(int[][] sequences, int run, int distance) {

  /** Random tokens of the text. */
  static final String RANDOM = "random";

  /** Passages of the text. */
  static final String PASSAGES = "passages";

  /**
   * Draws them from a text. The same for the same seed and sizes.
   *
   * @param kind {@link #RANDOM} or {@link #PASSAGES}
   * @param distance at least {@code run}
   */
  static RepeatedRuns of(
      ProbeContext context, int[][] text, String kind, int examples, int run, int distance) {
    int[] all = Arrays.stream(text).flatMapToInt(Arrays::stream).toArray();
    int[] known = Arrays.stream(all).distinct().sorted().toArray();
    RandomGenerator random = context.random("runs at distance " + distance);
    int[][] sequences = new int[2 * examples][distance + run];
    for (int i = 0; i < examples; i++) {
      int[] with = sequences[2 * i];
      int[] without = sequences[2 * i + 1];
      if (kind.equals(PASSAGES)) {
        passage(all, with, 0, run, random);
        passage(all, with, run, distance, random);
        passage(all, without, 0, run, random);
      } else {
        Arrays.setAll(with, _ -> known[random.nextInt(known.length)]);
        Arrays.setAll(without, _ -> known[random.nextInt(known.length)]);
      }
      System.arraycopy(with, 0, with, distance, run);
      System.arraycopy(with, run, without, run, distance);
    }
    return new RepeatedRuns(sequences, run, distance);
  }

  /** A passage from anywhere in the text; it begins again where the text ends. */
  private static void passage(int[] text, int[] into, int from, int to, RandomGenerator random) {
    int start = random.nextInt(text.length);
    for (int i = from; i < to; i++) {
      into[i] = text[(start + i - from) % text.length];
    }
  }
}
