package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv bench}: what it prints, never how fast it was. */
class BenchCommandTest {

  private static final List<String> PROMISED =
      List.of(
          "/bandwidth/bytes_per_second",
          "/weights/bytes_per_token",
          "/decode/tokens_per_second",
          "/decode/share_of_ceiling",
          "/prefill/tokens_per_second",
          "/load/seconds",
          "/first_token/seconds");

  @TempDir Path folder;

  @Test
  void jsonHasThePromisedFieldsAndAddsUp() {
    JsonNode json = json(file("--json"));
    for (String field : PROMISED) {
      assertTrue(json.at(field).asDouble() > 0, field);
    }
    assertEquals(
        Files.exists(Path.of("/proc/self/status")), number(json, "/memory/resident_bytes"));
    assertEquals("cpu", json.get("backend").asString());
    assertEquals(2, json.get("threads").asInt());
    assertEquals(32, json.at("/model/channels").asInt());
    assertFalse(json.has("measurements"));
    for (String speed : List.of("prefill", "decode", "bandwidth")) {
      assertEquals(3, json.get(speed).get("repeats").size());
    }
    double ceiling =
        json.at("/bandwidth/bytes_per_second").asDouble()
            / json.at("/weights/bytes_per_token").asDouble();
    double share = json.at("/decode/tokens_per_second").asDouble() / ceiling;
    assertEquals(share, json.at("/decode/share_of_ceiling").asDouble(), share * 1e-9);
  }

  private static boolean number(JsonNode json, String field) {
    return json.at(field).isNumber();
  }

  @Test
  void textNamesTheFigures() {
    String text = file("--backend", "reference");
    List<String> names =
        List.of("prefill", "decode", "weights per token", "dense ceiling", "load", "first token");
    for (String name : names) {
      assertTrue(text.contains("\n" + name), text);
    }
  }

  @Test
  void trainingIsMeasuredForEveryVersionAndSize() {
    JsonNode json =
        json(
            Cli.ok("bench", "--training", "--repeat", 1, "--warm-up", 0, "--threads", 2, "--json")
                .text());
    assertEquals(12, json.get("rows").size());
    for (JsonNode row : json.get("rows")) {
      assertTrue(row.get("tokens_per_second").asDouble() > 0);
      assertEquals(1, row.get("step_seconds").size());
    }
  }

  @Test
  void randomWeightsNeedNoFile() {
    JsonNode json =
        json(bench("--random", "2x64x300", "--dtype", "q8_0", "--zeros", "0.9", "--json"));
    assertEquals("q8_0", json.at("/model/dtype").asString());
    assertEquals(300, json.at("/model/vocabulary").asInt());
    assertEquals(0.9, json.at("/channel_mixing/skipped").asDouble(), 0.1);
  }

  @Test
  void floorsStandBesideTimesInATable() {
    String text = Cli.ok("bench", "--floors", "2x64x300,1x64x300", "--backend", "cpu").text();
    for (String shape : List.of("2x64x300", "1x64x300")) {
      for (String what :
          List.of("bounds", "decoding", "decoding 256 sequences", "prefill of 2048")) {
        assertTrue(text.contains("\n| bench " + shape + ", " + what), what + " in " + text);
      }
    }
    assertTrue(text.contains("| floor "), text);
    assertTrue(Cli.refused("bench", "--floors", "2x64,huge").contains("'huge' is no shape"));
  }

  @Test
  void moreIsMeasuredWhereItIsAskedFor() {
    Object[] all = {"--random", "2x64x300", "--constant-cost", "110", "--traces", "--busy"};
    String text = bench(all);
    for (String name : List.of("at token 100", "at token 110", "states copied", "one processor")) {
      assertTrue(text.contains("\n" + name), text);
    }
    Object[] withJson = Arrays.copyOf(all, all.length + 1);
    withJson[all.length] = "--json";
    JsonNode measured = json(bench(withJson)).get("measurements");
    assertEquals(110, measured.at("/constant_cost/1/token").asInt());
    assertEquals(2 * 64 * 64 * 4, measured.at("/traces/copied_bytes").asInt());
    assertTrue(measured.at("/busy/share").asDouble() > 0);
  }

  @Test
  void keptRunsMakeATable() throws Exception {
    Files.writeString(folder.resolve("a.json"), bench("--random", "2x128x300", "--json"));
    Files.writeString(
        folder.resolve("b.json"), bench("--random", "2x64x300", "--dtype", "q4_0", "--json"));
    List<String> lines = Cli.ok("bench", "--table", folder).text().lines().toList();
    assertTrue(lines.get(0).startsWith("| shape | weights | threads | decode"), lines.get(0));
    assertTrue(lines.get(2).startsWith("| 2 x 64 | q4_0, "), lines.get(2));
    assertTrue(lines.get(3).startsWith("| 2 x 128 | f16, "), lines.get(3));
    long columns = lines.get(0).chars().filter(c -> c == '|').count();
    for (String line : lines.subList(1, 4)) {
      assertEquals(columns, line.chars().filter(c -> c == '|').count(), line);
    }
    assertTrue(lines.getLast().contains(" processors, Java "), lines.getLast());
  }

  @Test
  void contradictionsAreRefused() throws Exception {
    Path model = TestModel.write(folder);
    assertTrue(Cli.refused("bench").contains("--random"));
    assertTrue(Cli.refused("bench", model, "--random", "2x64").contains("one of them"));
    assertTrue(Cli.refused("bench", model, "--dtype", "q8_0").contains("--dtype"));
    assertTrue(Cli.refused("bench", model, "--zeros", "0.5").contains("--zeros"));
    assertTrue(Cli.refused("bench", "--random", "5B").contains("0.4B"));
    assertTrue(Cli.refused("bench", "--random", "2x64", "--dtype", "q3").contains("q4_0"));
    assertTrue(Cli.refused("bench", "--random", "2x64", "--zeros", "1").contains("below 1"));
    assertTrue(Cli.refused("bench", model, "--constant-cost", "0").contains("--constant-cost"));
    assertTrue(Cli.refused("bench", "--table", folder).contains(".json"));
    Files.writeString(folder.resolve("other.json"), "{}");
    assertTrue(Cli.refused("bench", "--table", folder).contains("other.json"));
  }

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text);
  }

  private String file(Object... more) {
    Object[] all = Arrays.copyOf(new Object[] {TestModel.write(folder)}, 1 + more.length);
    System.arraycopy(more, 0, all, 1, more.length);
    return bench(all);
  }

  private static String bench(Object... more) {
    Object[] command = {
      "bench",
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
