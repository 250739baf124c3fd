package rwkv.app.plugins;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a person has said about plugins, by the SHA-256 of their jars, in a small JSON file. A file
 * that cannot be read means that nobody has said anything.
 */
final class PluginNotes {

  private static final Logger LOG = System.getLogger("rwkv.workbench");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * About one plugin.
   *
   * @param asked whether a person has been asked
   * @param allowed whether it may run, with the person's rights
   * @param enabled whether it is to take part
   * @param setAside what it did wrong; empty if nothing
   */
  record Note(boolean asked, boolean allowed, boolean enabled, String setAside) {
    static final Note NONE = new Note(false, false, false, "");
    static final Note ALLOWED = new Note(true, true, true, "");
    static final Note DECLINED = new Note(true, false, false, "");

    Note withEnabled(boolean wanted) {
      return new Note(asked, allowed, wanted, "");
    }

    Note withSetAside(String reason) {
      return new Note(asked, allowed, enabled, reason);
    }

    boolean runs() {
      return allowed && enabled && setAside.isEmpty();
    }
  }

  private final Path file;
  private final Map<String, Note> notes = new TreeMap<>();

  PluginNotes(Path file) {
    this.file = file;
    if (Files.isRegularFile(file)) {
      try {
        JsonNode json = JSON.readTree(Files.readString(file));
        json.properties().forEach(entry -> notes.put(entry.getKey(), note(entry.getValue())));
      } catch (IOException | RuntimeException e) {
        notes.clear();
        LOG.log(Level.INFO, "{0} is ignored: {1}", file, e.getMessage());
      }
    }
  }

  Note of(String sha256) {
    return notes.getOrDefault(sha256, Note.NONE);
  }

  void put(String sha256, Note note) {
    notes.put(sha256, note);
  }

  /** Writes it down; a failure is logged, and the person asked again next time. */
  void save() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    notes.forEach((sha256, note) ->
        json.putObject(sha256)
            .put("asked", note.asked)
            .put("allowed", note.allowed)
            .put("enabled", note.enabled)
            .put("setAside", note.setAside));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | JacksonException | SecurityException e) {
      LOG.log(Level.WARNING, "{0} cannot be written: {1}", file, e.toString());
    }
  }

  private static Note note(JsonNode json) {
    return new Note(
        json.path("asked").asBoolean(false),
        json.path("allowed").asBoolean(false),
        json.path("enabled").asBoolean(false),
        json.path("setAside").asString(""));
  }
}
