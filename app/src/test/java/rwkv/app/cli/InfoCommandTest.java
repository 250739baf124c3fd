package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv info}. */
class InfoCommandTest {

  @TempDir Path folder;

  @Test
  void jsonHasThePromisedKeysInOrder() throws Exception {
    Path model = TestModel.write(folder);
    JsonNode json = new JsonMapper().readTree(Cli.ok("info", model, "--json").text());
    assertEquals(
        List.of(
            "file",
            "format",
            "file_bytes",
            "version",
            "layers",
            "channels",
            "heads",
            "head_size",
            "ffn_channels",
            "vocabulary",
            "ranks",
            "parameters",
            "dtype",
            "weight_bytes",
            "weight_bytes_per_token",
            "state_bytes",
            "state_bytes_per_token",
            "transformer_cache_bytes",
            "tokenizers"),
        List.copyOf(json.propertyNames()));
    assertEquals("RWKV-7", json.get("version").asString());
    assertEquals(2, json.get("layers").asInt());
    assertEquals(32, json.get("channels").asInt());
    assertEquals(Files.size(model), json.get("file_bytes").asLong());
    assertEquals(2 * json.get("parameters").asLong(), json.get("weight_bytes").asLong());
    long unusedRows = (TestModel.VOCABULARY - 1) * 32 * 2L;
    assertEquals(
        json.get("weight_bytes").asLong() - unusedRows,
        json.get("weight_bytes_per_token").asLong());
    assertEquals(2 * (2 * 32 + 2 * 16 * 16) * 4, json.get("state_bytes").asLong());
    assertEquals(2L * 2 * 32 * 1000 * 2, json.get("transformer_cache_bytes").get("1000").asLong());
    assertEquals("vocabulary", json.get("tokenizers").get(0).get("id").asString());
  }

  @Test
  void textLooksTheSameInEveryCountry() {
    Path model = TestModel.write(folder);
    String here = Cli.ok("info", model).text();
    assertTrue(here.contains("tokenizer           vocabulary, score 100"), here);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("ar", "EG"));
      assertEquals(withoutReasons(here), withoutReasons(Cli.ok("info", model).text()));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void knowsTheSampleModel() throws Exception {
    Path model = TestModel.require("sample-models/stories-v7/stories-v7.pth");
    JsonNode json = new JsonMapper().readTree(Cli.ok("info", model, "--json").text());
    assertEquals("vocabulary", json.get("tokenizers").get(0).get("id").asString());
  }

  /** A tokenizer's reasons are its plugin's own words. */
  private static String withoutReasons(String text) {
    return text.replaceAll("(?m)^(tokenizer +\\w+, score \\d+):.*", "$1");
  }
}
