package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv tensors}. */
class TensorsCommandTest {

  @TempDir Path folder;
  private Path file;

  /** No model: names nobody knows, a whole number, nothing, and numbers that are none. */
  @BeforeEach
  void write() {
    file = folder.resolve("vectors.safetensors");
    SafetensorsWriter.write(
        file,
        List.of(
            Tensor.of("site.0", Shape.of(2, 2), 1, -2, 0, 5),
            Tensor.of("tokens", 7, 9),
            Tensor.of("empty", Shape.of(0, 4)),
            Tensor.of("bad,\"name\"\n", Shape.of(3), Float.NaN, 1, Float.NEGATIVE_INFINITY)),
        Map.of());
  }

  @Test
  void listsAnyReadableFileALineForEachTensor() {
    List<String> lines = Cli.ok("tensors", file).text().lines().toList();
    assertEquals(6, lines.size(), lines.toString());
    assertEquals(
        List.of("name", "shape", "type", "bytes", "min", "max", "mean", "std"),
        words(lines.get(0)));
    assertEquals(
        List.of("site.0", "2×2", "f32", "16", "B", "-2.00", "5.00", "1.00", "2.55"),
        words(line(lines, "site.0")));
    assertEquals(
        List.of("empty", "0×4", "f32", "0", "B", "–", "–", "–", "–"), words(line(lines, "empty")));
    assertTrue(line(lines, "bad").startsWith("bad,\"name\"\\u{a}"), lines.toString());
    assertEquals("4 tensors, 36 B, shown 4", lines.getLast());
  }

  private static String line(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split("\\s+"));
  }

  @Test
  void jsonHasThePromisedKeysInOrder() {
    JsonNode json = new JsonMapper().readTree(Cli.ok("tensors", file, "--json").text());
    assertEquals(
        List.of("file", "format", "tensors", "bytes", "shown"), List.copyOf(json.propertyNames()));
    assertEquals(4, json.get("tensors").asInt());
    JsonNode bad = named(json, "bad,\"name\"\n");
    assertEquals(
        List.of("name", "dtype", "shape", "count", "bytes", "statistics"),
        List.copyOf(bad.propertyNames()));
    JsonNode statistics = bad.get("statistics");
    assertEquals(
        List.of("min", "max", "mean", "std", "zeros", "nan", "infinite", "histogram"),
        List.copyOf(statistics.propertyNames()));
    assertEquals(1, statistics.get("nan").asInt());
    assertEquals(1, statistics.get("infinite").asInt());
    assertEquals(1.0, statistics.get("mean").asDouble());
    assertEquals("[2,2]", named(json, "site.0").get("shape").toString());
    assertTrue(named(json, "empty").get("statistics").get("min").isNull());
    int counted = 0;
    for (JsonNode count : named(json, "site.0").get("statistics").get("histogram")) {
      counted += count.asInt();
    }
    assertEquals(4, counted);
  }

  private static JsonNode named(JsonNode json, String name) {
    for (JsonNode tensor : json.get("shown")) {
      if (tensor.get("name").asString().equals(name)) {
        return tensor;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void csvKeepsNamesWhole() {
    String csv = Cli.ok("tensors", file, "--csv").text();
    assertEquals(
        "name,dtype,shape,count,bytes,min,max,mean,std,zeros,nan,infinite",
        csv.lines().findFirst().orElseThrow());
    assertTrue(csv.contains("\"bad,\"\"name\"\"\n\""), csv);
    assertTrue(csv.contains("site.0,f32,\"[2,2]\",4,16,-2.0,5.0,1.0,2.5495"), csv);
    assertTrue(csv.contains("empty,f32,\"[0,4]\",0,0,,,,,0,0,0"), csv);
  }

  @Test
  void theFilterPicksByWordsOrByExpression() {
    String words = Cli.ok("tensors", file, "--filter", "0 SITE").text();
    assertTrue(words.endsWith("4 tensors, 36 B, shown 1\n"), words);
    String type = Cli.ok("tensors", file, "--filter", "i32").text();
    assertTrue(type.contains("\ntokens") && type.contains("shown 1"), type);
    String expression = Cli.ok("tensors", file, "--regex", "^(site|tok)").text();
    assertTrue(expression.contains("shown 2"), expression);
  }

  @Test
  void withoutStatisticsNoNumberIsRead() {
    String text = Cli.ok("tensors", file, "--no-statistics").text();
    assertEquals(List.of("name", "shape", "type", "bytes"), words(text.lines().toList().get(0)));
    JsonNode json =
        new JsonMapper().readTree(Cli.ok("tensors", file, "--json", "--no-statistics").text());
    assertTrue(named(json, "site.0").get("statistics").isNull());
    String csv = Cli.ok("tensors", file, "--csv", "--no-statistics").text();
    assertTrue(csv.contains("tokens,i32,[2],2,8,,,,,,,"), csv);
  }

  @Test
  void isRefusedInOneLine() throws Exception {
    assertTrue(Cli.refused("tensors", "nowhere.pth").contains("nowhere.pth"));
    assertTrue(Cli.refused("tensors", file, "--regex", "a(").contains("no regular expression"));
    String both = Cli.refused("tensors", file, "--json", "--csv");
    assertTrue(both.contains("--json") && both.contains("--csv"), both);
    Path cut = folder.resolve("cut.safetensors");
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(file), 100));
    assertTrue(Cli.refused("tensors", cut).contains("cut.safetensors"));
  }

  @Test
  void listsAModelAsWell() {
    Path model = TestModel.write(folder);
    String text = Cli.ok("tensors", model, "--filter", "1.att key").text();
    assertTrue(text.contains("blocks.1.att.key.weight"), text);
    assertFalse(text.contains("blocks.0"), text);
  }
}
