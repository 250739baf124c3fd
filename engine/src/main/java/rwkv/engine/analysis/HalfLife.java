package rwkv.engine.analysis;

/**
 * How long a key channel remembers, in tokens: the number of tokens after which half of what was
 * written is left, n with wⁿ = ½. Decay alone is meant: what RWKV-7 erases on purpose comes on top.
 */
public final class HalfLife {

  private HalfLife() {}

  /**
   * Half-life of a constant decay, ln 2 / (−ln w).
   *
   * @param lnW ln w per token, at most 0
   * @return tokens; infinite for w = 1, and 0 for w = 0
   */
  public static double tokens(double lnW) {
    return lnW >= 0 ? Double.POSITIVE_INFINITY : Math.log(2) / -lnW;
  }

  /** The decay w of a half-life of so many tokens, 2^(−1/tokens), a factor per token. */
  public static double decay(double tokens) {
    return Math.exp(-Math.log(2) / tokens);
  }

  /**
   * Half-lives of the key channels of a head.
   *
   * @param lnW mean ln w by channel, [channels]
   * @param from the head's first channel
   * @param into receives the half-lives in tokens, [head size]
   */
  public static void tokens(float[] lnW, int from, double[] into) {
    for (int j = 0; j < into.length; j++) {
      into[j] = tokens(lnW[from + j]);
    }
  }
}
