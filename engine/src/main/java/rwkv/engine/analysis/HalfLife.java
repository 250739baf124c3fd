package rwkv.engine.analysis;

/**
 * How long a key channel remembers, in tokens: the number of tokens after which half of what was
 * written is left, n with wⁿ = ½. Decay alone is meant: what RWKV-7 erases on purpose comes on top.
 */
public final class HalfLife {

  /**
   * The smallest decay that RWKV-7 can reach: w = exp(−e^(−½) σ(d)) > exp(−e^(−½)) = 0.5452, a
   * factor per token.
   */
  public static final double FASTEST_V7_DECAY = Math.exp(-Math.exp(-0.5));

  /** The half-life of {@link #FASTEST_V7_DECAY}: ln 2 · e^½ = 1.143 tokens. */
  public static final double FASTEST_V7_TOKENS = Math.log(2) * Math.exp(0.5);

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
