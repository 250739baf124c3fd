package rwkv.engine.check;

/** What became of a check. */
public enum Outcome {
  /** It found what it expected. */
  PASSED("ok"),
  /** It found something else. */
  FAILED("FAILED"),
  /** It could not be made; what was found says why. */
  SKIPPED("skipped"),
  /** Nothing was expected: a fact or a figure. */
  NOTED("–");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** As it stands in a table. */
  public String word() {
    return word;
  }
}
