package rwkv.engine.verify;

/** What a self-test found. */
public enum Verdict {
  /** The numbers are the model's, but for rounding. */
  GREEN,
  /** They are near the model's, yet farther off than rounding explains. */
  AMBER,
  /** They are not the model's. */
  RED;

  /** The worse of the two. */
  public Verdict and(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
