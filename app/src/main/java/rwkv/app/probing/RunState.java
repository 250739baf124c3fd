package rwkv.app.probing;

/** How far a run of a probe has come. */
public enum RunState {
  RUNNING("running"),
  DONE("done"),
  /** Ended by a person; what was there is kept. */
  CANCELLED("cancelled"),
  /** Ended by the probe's failure; what was there is kept. */
  FAILED("failed");

  private final String word;

  RunState(String word) {
    this.word = word;
  }

  /** For a person and for files. */
  public String word() {
    return word;
  }
}
