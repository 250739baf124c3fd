package rwkv.onednn;

import java.util.Random;

/** Random numbers for tests; the seed is printed and can be given again with -Dtests.seed. */
final class Seeds {

  private Seeds() {}

  /** A source whose seed is printed with {@code what}. */
  static Random random(String what) {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    System.out.println(what + ": -Dtests.seed=" + seed);
    return new Random(seed);
  }

  /** Numbers from a normal distribution. */
  static float[] normal(Random random, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }
}
