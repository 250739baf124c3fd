package rwkv.app.chart;

import java.util.Random;

/** Random numbers for tests; the seed is printed and can be given again with -Dtests.seed. */
public final class Seeds {

  private Seeds() {}

  /** A source whose seed is printed with {@code what}. */
  public static Random random(String what) {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    System.out.println(what + ": -Dtests.seed=" + seed);
    return new Random(seed);
  }
}
