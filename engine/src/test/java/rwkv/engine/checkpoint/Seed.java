package rwkv.engine.checkpoint;

import java.util.Random;

/**
 * Random numbers that differ from run to run and can be had again: the seed is printed, and {@code
 * -Dtests.seed=} sets it.
 */
record Seed(long value) {

  static Seed pick(Class<?> test) {
    Seed seed = new Seed(Long.getLong("tests.seed", System.nanoTime()));
    System.out.println(test.getSimpleName() + " ran with " + seed);
    return seed;
  }

  /** Every call starts the same sequence anew. */
  Random random() {
    return new Random(value);
  }

  @Override
  public String toString() {
    return "-Dtests.seed=" + value;
  }
}
