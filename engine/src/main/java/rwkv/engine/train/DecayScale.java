package rwkv.engine.train;

import rwkv.engine.analysis.HalfLife;
import rwkv.engine.model.Version;

/**
 * What a raw decay parameter x ({@code time_decay}, {@code w0}) means: the factor w by which a
 * channel fades with every token, and its half-life. Where the decay depends on the data as well,
 * this is its static part.
 */
public enum DecayScale {
  /** Versions 4 to 6: w = exp(−exp(x)), in (0, 1). */
  EXPONENTIAL {
    @Override
    public double lnFactor(double raw) {
      return -Math.exp(raw);
    }

    @Override
    double inverse(double halfLife) {
      return Math.log(Math.log(2) / halfLife);
    }

    @Override
    public double highestRaw() {
      return inverse(SHORTEST);
    }
  },

  /** Version 7: w = exp(−e^−½ σ(x)), in (0.5452, 1). */
  LOGISTIC {
    @Override
    public double lnFactor(double raw) {
      return -STEEPEST / (1 + Math.exp(-raw));
    }

    @Override
    double inverse(double halfLife) {
      double above = halfLife * STEEPEST / Math.log(2) - 1;
      return above <= 0 ? Double.POSITIVE_INFINITY : -Math.log(above);
    }

    @Override
    public double highestRaw() {
      return SATURATED;
    }
  };

  /** −ln of the smallest factor of version 7. */
  private static final double STEEPEST = Math.exp(-0.5);

  /** Where σ has come within 6e-6 of 1. */
  private static final double SATURATED = 12;

  /** In tokens; e^−69 of a write is left by the next token. */
  private static final double SHORTEST = 0.01;

  /** In tokens; the next factor in f32 is 1, which forgets nothing. */
  private static final double LONGEST = 1e7;

  /**
   * The scale of a version.
   *
   * @throws IllegalArgumentException if it has no decay
   */
  public static DecayScale of(Version version) {
    return switch (version) {
      case V4, V5_0, V5_1, V5_2, V6 -> EXPONENTIAL;
      case V7, V7A, V7B, V8_ROSA_7 -> LOGISTIC;
      case V8_ROSA -> throw new IllegalArgumentException(version.title() + " has no decay");
    };
  }

  /** ln w per token, at most 0. */
  public abstract double lnFactor(double raw);

  /** The raw number of a half-life, infinite where there is none. */
  abstract double inverse(double halfLife);

  /** The largest raw number that a half-life is turned into: forgets soonest. */
  public abstract double highestRaw();

  /** The smallest raw number that a half-life is turned into: forgets latest. */
  public double lowestRaw() {
    return inverse(LONGEST);
  }

  /** w, the factor per token. */
  public double factor(double raw) {
    return Math.exp(lnFactor(raw));
  }

  /** The half-life in tokens. */
  public double halfLife(double raw) {
    return HalfLife.tokens(lnFactor(raw));
  }

  /**
   * The raw number of a half-life, or of the nearest that the version can express.
   *
   * @param halfLife in tokens, above 0; may be infinite
   * @throws IllegalArgumentException if it is not above 0
   */
  public double raw(double halfLife) {
    if (!(halfLife > 0)) {
      throw new IllegalArgumentException(
          "a half-life of " + halfLife + " tokens; it must be above 0");
    }
    return Math.clamp(inverse(halfLife), lowestRaw(), highestRaw());
  }

  /**
   * The raw number of a factor per token, or of the nearest that the version can express.
   *
   * @param factor 0 to 1
   * @throws IllegalArgumentException if it is anything else
   */
  public double rawOfFactor(double factor) {
    if (!(factor >= 0 && factor <= 1)) {
      throw new IllegalArgumentException("a decay of " + factor + "; it must lie within 0 and 1");
    }
    return factor == 0 ? highestRaw() : raw(HalfLife.tokens(Math.log(factor)));
  }

  /** The shortest half-life that one is turned into, in tokens. */
  public double shortest() {
    return halfLife(highestRaw());
  }

  /** The longest half-life that one is turned into, in tokens. */
  public double longest() {
    return LONGEST;
  }
}
