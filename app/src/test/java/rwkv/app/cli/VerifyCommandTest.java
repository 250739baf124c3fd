package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv verify}. */
class VerifyCommandTest {

  @TempDir Path folder;

  @Test
  void aSoundModelIsGreenAndTheWorstSiteIsNamed() {
    String text = Cli.ok("verify", TestModel.write(folder), "--tokens", 6).text();
    assertTrue(text.contains("green"), text);
    assertTrue(text.contains("worst of"), text);
    assertTrue(text.contains("prefill in one chunk equals decoding: to the bit"), text);
  }

  @Test
  void jsonAndCsvHoldEverySite() throws Exception {
    Path csv = folder.resolve("errors.csv");
    Path model = TestModel.write(folder);
    Cli cli = Cli.ok("verify", model, "--tokens", 4, "--json", "--csv", csv);
    JsonNode json = new JsonMapper().readTree(cli.text());
    assertEquals("green", json.get("verdict").asString());
    List<String> lines = Files.readAllLines(csv);
    assertEquals(1 + json.get("sites").size() + json.get("identities").size(), lines.size());
    assertTrue(json.get("sites").size() > 50);
  }

  @Test
  void tooFewTokensAreRefused() {
    String said = Cli.refused("verify", TestModel.write(folder), "--tokens", 1);
    assertTrue(said.contains("--tokens is 1"), said);
  }
}
