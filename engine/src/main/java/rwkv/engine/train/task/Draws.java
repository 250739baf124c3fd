package rwkv.engine.train.task;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random numbers by a seed, a name and a number, so that no step depends on those before it. */
final class Draws {

  private static final long FNV_START = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Draws() {}

  /** The stream of that name and number; all others are unrelated to it. */
  static RandomGenerator of(long seed, String name, long number) {
    long hash = FNV_START;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    long start = new SplittableRandom(seed).nextLong() ^ hash;
    return new SplittableRandom(new SplittableRandom(start).nextLong() + mix(number));
  }

  /** A number that says nothing about its neighbours. */
  static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** A number for a sequence, the same with ends of text before it. */
  static long hash(int[] tokens) {
    long hash = FNV_START;
    for (int token : tokens) {
      if (token != Vocabulary.END || hash != FNV_START) {
        hash = (hash ^ token) * FNV_PRIME;
      }
    }
    return mix(hash);
  }

  /** From {@code least} to {@code most}, both possible. */
  static int between(RandomGenerator random, int least, int most) {
    return random.nextInt(least, most + 1);
  }

  static <T> T one(RandomGenerator random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  static boolean chance(RandomGenerator random, double probability) {
    return random.nextDouble() < probability;
  }

  /** An index, each as likely as its weight. */
  static int weighted(RandomGenerator random, double... weights) {
    double at = random.nextDouble() * Arrays.stream(weights).sum();
    int index = 0;
    while (index < weights.length - 1 && at >= weights[index]) {
      at -= weights[index++];
    }
    return index;
  }

  /** {@code count} of the numbers below {@code bound}, each at most once, in random order. */
  static int[] distinct(RandomGenerator random, int bound, int count) {
    int[] all = new int[bound];
    Arrays.setAll(all, i -> i);
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i, bound);
      int swapped = all[i];
      all[i] = all[j];
      all[j] = swapped;
    }
    return Arrays.copyOf(all, count);
  }
}
