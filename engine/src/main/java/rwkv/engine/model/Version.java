package rwkv.engine.model;

/** A version of the architecture. */
public enum Version {
  V7("RWKV-7", "Goose");

  private final String title;
  private final String nickname;

  Version(String title, String nickname) {
    this.title = title;
    this.nickname = nickname;
  }

  /** As in "RWKV-7". */
  public String title() {
    return title;
  }

  /** As in "Goose". */
  public String nickname() {
    return nickname;
  }
}
