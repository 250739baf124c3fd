package rwkv.app.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the workbench writes down about a run, {@code run.json}.
 *
 * @param initialisation what its decays began as, in words
 * @param seconds spent on it so far
 * @param ended {@code done}, {@code stopped}, or empty while there is something to go on with
 */
record RunNote(String initialisation, double seconds, String ended) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What was written; where that cannot be read, next to nothing. */
  static RunNote read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      return new RunNote(
          json.path("initialisation").asString("unknown"),
          json.path("seconds").asDouble(0),
          json.path("ended").asString(""));
    } catch (IOException | JacksonException e) {
      return new RunNote("unknown", 0, "");
    }
  }

  void write(Path file) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("initialisation", initialisation);
    json.put("seconds", seconds);
    json.put("ended", ended);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, JSON.writeValueAsBytes(json));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
