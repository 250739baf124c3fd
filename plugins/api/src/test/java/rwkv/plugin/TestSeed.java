package rwkv.plugin;

import java.util.Random;

/**
 * The seed of a test run: printed once, and set with {@code -Dtests.seed=} to repeat a run. Each
 * random source is derived from it by name, so that tests do not depend on their order.
 */
public final class TestSeed {

  private static final long SEED = choose();

  private TestSeed() {}

  /** A source of random numbers that depends on the seed of the run and on this name only. */
  public static Random random(String name) {
    return new Random(SEED * 31 + name.hashCode());
  }

  private static long choose() {
    Long given = Long.getLong("tests.seed");
    long seed = given != null ? given : System.nanoTime();
    System.out.println("random tests: -Dtests.seed=" + seed);
    return seed;
  }
}
