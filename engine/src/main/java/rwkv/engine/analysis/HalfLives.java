package rwkv.engine.analysis;

/** Half-lives of many channels at once. */
public final class HalfLives {

  private HalfLives() {}

  /**
   * How many half-lives fall into ranges of equal ratio. Those beyond the ends are counted in the
   * first or last range, the infinite ones among them.
   *
   * @param halfLives in tokens
   * @param from lower bound in tokens, above 0
   * @param to upper bound in tokens
   * @return a histogram of log₁₀ of the half-lives
   */
  public static Histogram histogram(double[] halfLives, double from, double to, int ranges) {
    double low = Math.log10(from);
    double high = Math.log10(to);
    Ranges inside = new Ranges(low, high, ranges);
    long[] counts = new long[ranges];
    for (double halfLife : halfLives) {
      counts[inside.of(Math.clamp(Math.log10(halfLife), low, high))]++;
    }
    return new Histogram(low, high, counts);
  }

  /**
   * After how many tokens no more than a share of a write is left: halfLife · log₂(1 / share).
   *
   * @param share above 0 and below 1
   */
  public static double until(double halfLife, double share) {
    return halfLife * (Math.log(1 / share) / Math.log(2));
  }

  /** The shortest half-life whose factor per token becomes 1 in bf16: w ≥ 1 − 2⁻⁹. */
  public static double longestInBf16() {
    return HalfLife.tokens(Math.log1p(-Math.scalb(1.0, -9)));
  }
}
