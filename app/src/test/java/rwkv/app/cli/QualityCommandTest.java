package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv quality}. */
class QualityCommandTest {

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void write() {
    model = TestModel.write(folder);
  }

  @Test
  void tellsOfEveryTypeByDefault() {
    List<String> lines =
        Cli.ok("quality", model, "--tokens", 20, "--threads", 2).text().lines().toList();
    assertEquals(12, lines.size(), lines::toString);
    assertTrue(lines.get(1).startsWith("f32 "), lines.get(1));
    assertTrue(lines.getLast().startsWith("q4_0 "), lines.getLast());
  }

  @Test
  void readsTheTextThatItIsGiven() throws Exception {
    Path text = Files.writeString(folder.resolve("text.txt"), "a story");
    JsonNode json =
        new JsonMapper()
            .readTree(
                Cli.ok("quality", model, "--text", text, "--dtype", "f32,q8_0", "--json").text());
    assertEquals(text.toString(), json.get("text").asString());
    assertEquals(2, json.get("types").size());
    assertEquals(7, json.at("/types/1/tokens").asInt());
    assertEquals(0, json.at("/types/0/divergence").asDouble(), 1e-9);
    assertEquals(1, json.at("/types/0/agreement").asDouble());
  }

  @Test
  void refusesWhatMakesNoSense() throws Exception {
    Path nothing = Files.writeString(folder.resolve("empty.txt"), "");
    assertTrue(Cli.refused("quality", model, "--tokens", 0).contains("--tokens"));
    assertTrue(Cli.refused("quality", model, "--dtype", "q8_0,q3").contains("q3"));
    assertTrue(Cli.refused("quality", model, "--text", nothing).contains("is empty"));
  }
}
