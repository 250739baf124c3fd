package rwkv.plugin;

/** The version of what plugins are written against. */
public final class PluginApi {

  /**
   * Raised when plugins for an earlier version may no longer run. A plugin's jar says in its
   * manifest, as {@value #MANIFEST_KEY}, which one it wants.
   */
  public static final int VERSION = 1;

  /** As in {@code RWKV-Plugin-API: 1}. */
  public static final String MANIFEST_KEY = "RWKV-Plugin-API";

  private PluginApi() {}
}
