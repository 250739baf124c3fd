package rwkv.app;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings as a small JSON file in the user's configuration folder. Settings are a convenience:
 * a file that cannot be read means a fresh start, one that cannot be written is logged and
 * forgotten.
 */
final class SettingsFile {

  private static final Logger LOG = System.getLogger("rwkv.workbench");

  private final Path file;

  SettingsFile(Path file) {
    this.file = file;
  }

  /** The usual place; the system property {@code rwkv.settings} names another file. */
  static SettingsFile usual() {
    String chosen = System.getProperty("rwkv.settings", "");
    return new SettingsFile(
        chosen.isEmpty() ? configFolder().resolve("settings.json") : Path.of(chosen));
  }

  /** Where this program's configuration belongs. */
  static Path configFolder() {
    String home = System.getProperty("user.home", ".");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String xdg = System.getenv("XDG_CONFIG_HOME");
    String appData = System.getenv("APPDATA");
    if (system.contains("win") && appData != null) {
      return Path.of(appData, "rwkv-workbench");
    }
    if (system.contains("mac")) {
      return Path.of(home, "Library", "Application Support", "rwkv-workbench");
    }
    return xdg != null && !xdg.isEmpty()
        ? Path.of(xdg, "rwkv-workbench")
        : Path.of(home, ".config", "rwkv-workbench");
  }

  /** Where what a person makes belongs: beside the settings where those were put by hand. */
  static Path dataFolder() {
    String chosen = System.getProperty("rwkv.settings", "");
    if (!chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath().resolveSibling("rwkv-workbench");
    }
    String home = System.getProperty("user.home", ".");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String xdg = System.getenv("XDG_DATA_HOME");
    if (system.contains("win") || system.contains("mac")) {
      return configFolder();
    }
    return xdg != null && !xdg.isEmpty()
        ? Path.of(xdg, "rwkv-workbench")
        : Path.of(home, ".local", "share", "rwkv-workbench");
  }

  /** Where plugins and vocabularies are looked for: beside the settings. */
  static Path pluginFolder() {
    String chosen = System.getProperty("rwkv.settings", "");
    return chosen.isEmpty()
        ? configFolder().resolve("plugins")
        : Path.of(chosen).toAbsolutePath().resolveSibling("plugins");
  }

  /** What was remembered, or a fresh start. */
  Settings load() {
    if (!Files.isRegularFile(file)) {
      return Settings.FIRST;
    }
    try {
      return SettingsJson.read(mapper().readTree(Files.readString(file)));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.INFO, "settings in {0} are ignored: {1}", file, e.getMessage());
      return Settings.FIRST;
    }
  }

  /** Remembers. */
  void save(Settings settings) {
    try {
      String json =
          mapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(SettingsJson.write(settings));
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, json);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | JacksonException | SecurityException e) {
      LOG.log(Level.INFO, "settings cannot be written to {0}: {1}", file, e.toString());
    }
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder().build();
  }
}
