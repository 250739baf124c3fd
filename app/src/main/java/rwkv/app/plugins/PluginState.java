package rwkv.app.plugins;

/** Whether a plugin takes part. */
public enum PluginState {
  BUNDLED("always on"),
  ENABLED("enabled"),
  DISABLED("disabled"),
  /** Nobody has said yet whether it may run. */
  WAITING("waits for consent"),
  /** It cannot be loaded, or has failed. */
  SET_ASIDE("set aside");

  private final String words;

  PluginState(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
