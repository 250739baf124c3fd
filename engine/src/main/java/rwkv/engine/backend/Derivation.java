package rwkv.engine.backend;

/** What a forward pass reads instead of an official parameter x. */
public enum Derivation {
  /** x */
  IDENTITY,
  /** 1 − x */
  COMPLEMENT,
  /** eˣ */
  EXP,
  /** −eˣ: a decay as its natural logarithm per token */
  NEGATIVE_EXP,
  /** e^−eˣ: a decay as a factor per token */
  EXP_NEGATIVE_EXP;

  public double of(double x) {
    return switch (this) {
      case IDENTITY -> x;
      case COMPLEMENT -> 1 - x;
      case EXP -> Math.exp(x);
      case NEGATIVE_EXP -> -Math.exp(x);
      case EXP_NEGATIVE_EXP -> Math.exp(-Math.exp(x));
    };
  }

  /** The derivative at x. */
  public double slope(double x) {
    return switch (this) {
      case IDENTITY -> 1;
      case COMPLEMENT -> -1;
      case EXP -> Math.exp(x);
      case NEGATIVE_EXP -> -Math.exp(x);
      case EXP_NEGATIVE_EXP -> -Math.exp(x - Math.exp(x));
    };
  }
}
