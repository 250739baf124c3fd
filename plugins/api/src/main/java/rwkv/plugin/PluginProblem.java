package rwkv.plugin;

/**
 * A plugin that failed and was set aside; the others go on working.
 *
 * @param plugin the plugin's identifier, or the name of its class or service where it has not come
 *     far enough to have one
 * @param message what went wrong, for a person
 * @param cause the failure itself, for a log
 */
public record PluginProblem(String plugin, String message, Throwable cause) {

  static PluginProblem of(String plugin, Throwable cause) {
    String detail = cause.getMessage();
    return new PluginProblem(plugin, detail == null ? cause.getClass().getName() : detail, cause);
  }

  /** One line for a person: the plugin and what went wrong. */
  @Override
  public String toString() {
    return plugin + ": " + message;
  }
}
