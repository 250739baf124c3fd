package rwkv.engine.bench;

/**
 * What {@link ModelBench} measures.
 *
 * @param prefill tokens read in one go
 * @param chunk of them at a time
 * @param decode tokens made one by one
 * @param repeats how often each is measured, after a warm-up
 * @param warmUpSeconds how long everything is run unmeasured, at least once
 */
public record BenchPlan(int prefill, int chunk, int decode, int repeats, double warmUpSeconds) {

  /**
   * @throws IllegalArgumentException naming the number that is too small
   */
  public BenchPlan {
    check("prefill", prefill);
    check("chunk", chunk);
    check("decode", decode);
    check("repeats", repeats);
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be at least 1");
    }
  }
}
