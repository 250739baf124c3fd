package rwkv.app.train;

/** What a run is doing. */
public enum RunState {
  WAITING("waiting"),
  RUNNING("training"),
  TESTING("being tested"),
  PAUSED("paused"),
  STOPPED("stopped"),
  DONE("done"),
  FAILED("failed");

  private final String words;

  RunState(String words) {
    this.words = words;
  }

  /** For a person. */
  public String words() {
    return words;
  }

  /** Whether it is in the hands of the training thread. */
  public boolean isActive() {
    return this == WAITING || this == RUNNING || this == TESTING;
  }
}
