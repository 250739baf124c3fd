package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv bench}: what it prints, never how fast it was. */
class BenchCommandTest {

  @TempDir Path folder;

  @Test
  void jsonHasThePromisedKeysAndAddsUp() throws Exception {
    JsonNode json = new JsonMapper().readTree(bench("--json"));
    assertEquals(
        List.of(
            "model",
            "version",
            "parameters",
            "dtype",
            "backend",
            "device",
            "threads",
            "load_seconds",
            "prefill",
            "decode",
            "weight_bytes_per_token",
            "memory",
            "model_sized",
            "ceiling_tokens_per_second",
            "share_of_ceiling",
            "model_sized_ceiling_tokens_per_second",
            "share_of_model_sized_ceiling",
            "largest_cache_bytes",
            "weights_fit_cache",
            "peak_resident_bytes"),
        List.copyOf(json.propertyNames()));
    assertEquals("cpu", json.get("backend").asString());
    assertEquals(2, json.get("threads").asInt());
    for (String speed : List.of("prefill", "decode")) {
      assertEquals(3, json.get(speed).get("repeats").size());
      assertTrue(json.get(speed).get("tokens_per_second").asDouble() > 0);
    }
    double bandwidth = json.get("memory").get("bytes_per_second").asDouble();
    double ceiling = bandwidth / json.get("weight_bytes_per_token").asDouble();
    assertEquals(ceiling, json.get("ceiling_tokens_per_second").asDouble(), ceiling * 1e-9);
    double share = json.get("decode").get("tokens_per_second").asDouble() / ceiling;
    assertEquals(share, json.get("share_of_ceiling").asDouble(), share * 1e-9);
  }

  @Test
  void textNamesTheFigures() {
    String text = bench("--backend", "reference");
    for (String name : List.of("prefill", "decode", "weights per token", "dense ceiling", "load")) {
      assertTrue(text.contains("\n" + name), text);
    }
  }

  private String bench(Object... more) {
    Object[] command = {
      "bench",
      TestModel.write(folder),
      "--prefill",
      9,
      "--chunk",
      4,
      "--decode",
      3,
      "--repeat",
      3,
      "--warm-up",
      0,
      "--threads",
      2
    };
    Object[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return Cli.ok(all).text();
  }
}
