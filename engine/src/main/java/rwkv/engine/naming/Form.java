package rwkv.engine.naming;

/** What a file has done to an official tensor's numbers x in advance. */
public enum Form {
  /** x */
  OFFICIAL,
  /** −eˣ: a decay as its natural logarithm per token */
  NEGATIVE_EXP,
  /** e^−eˣ: a decay as a factor per token */
  EXP_NEGATIVE_EXP,
  /** eˣ */
  EXP;

  /** What a file of this form holds for an official number x. */
  public double apply(double x) {
    return switch (this) {
      case OFFICIAL -> x;
      case NEGATIVE_EXP -> -Math.exp(x);
      case EXP_NEGATIVE_EXP -> Math.exp(-Math.exp(x));
      case EXP -> Math.exp(x);
    };
  }

  /**
   * The official number x of one that a file holds; NaN where no x becomes that, as of a decay
   * above 1.
   */
  public double undo(double stored) {
    return switch (this) {
      case OFFICIAL -> stored;
      case NEGATIVE_EXP -> Math.log(-stored);
      case EXP_NEGATIVE_EXP -> Math.log(-Math.log(stored));
      case EXP -> Math.log(stored);
    };
  }
}
