package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rwkv convert}. */
class ConvertCommandTest {

  @TempDir Path folder;

  private float[] logits(Path model) {
    Path out = folder.resolve(model.getFileName() + ".logits.safetensors");
    Cli.ok("logits", model, "--tokens", "1,2,3,100,7", "--out", out);
    try (Checkpoint file = Checkpoints.open(out)) {
      return file.tensors().get("logits").toFloats();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"new.gguf", "new.safetensors", "new.pth", "new.GGUF"})
  void theNewFileComputesTheSame(String name) {
    Path model = TestModel.write(folder);
    Path out = folder.resolve(name);
    Cli.ok("convert", model, out);
    assertArrayEquals(logits(model), logits(out), 1e-5f);
  }

  @Test
  void theSummaryNamesSizesAndTypes() throws IOException {
    Path model = TestModel.write(folder);
    Path out = folder.resolve("new.gguf");
    String text = Cli.ok("convert", model, out, "--dtype", "q8_0").text();
    assertEquals(1, text.lines().count(), text);
    assertTrue(text.startsWith(out + ": "), text);
    assertTrue(text.contains(", was ") && text.contains(" F32") && text.contains(" Q8_0"), text);
    assertTrue(Files.size(out) > 0);
  }

  @Test
  void aGgufCarriesTheVocabularyFoundBesideTheModel() throws IOException {
    Path model = TestModel.write(folder);
    Path out = Files.createDirectory(folder.resolve("elsewhere")).resolve("new.gguf");
    Cli.ok("convert", model, out);
    JsonNode json = new JsonMapper().readTree(Cli.ok("info", out, "--json").text());
    assertEquals("gguf", json.get("tokenizers").get(0).get("id").asString());
    assertEquals(
        Cli.ok("generate", model, "--prompt", "Ab", "--max-tokens", 9, "--seed", 3).text(),
        Cli.ok("generate", out, "--prompt", "Ab", "--max-tokens", 9, "--seed", 3).text());
  }

  @Test
  void aVocabularyCanBeNamedAndWithoutOneThereAreNotedPlaceholders() throws IOException {
    Path model = TestModel.write(folder);
    Path moved = Files.createDirectory(folder.resolve("elsewhere")).resolve("tiny.safetensors");
    Files.copy(model, moved);
    Path out = folder.resolve("new.gguf");
    Cli none = Cli.run("convert", moved, out);
    assertEquals(0, none.code());
    assertTrue(none.err().contains("placeholders for tokens"), none.err());
    Cli.ok("convert", moved, out, "--vocabulary", folder.resolve("tiny.vocab.txt"));
    try (Checkpoint file = Checkpoints.open(out)) {
      assertEquals("A", file.vocabulary().get('A' + 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "new.bin,,expected a name ending in .safetensors",
    "new.gguf,q3_k,--dtype is 'q3_k'",
    "new.gguf,i32,--dtype is 'i32'",
    "new.safetensors,q8_0,safetensors has no type Q8_0",
    "missing/new.gguf,f16,there is no folder",
    "tiny.safetensors,f16,this is the model itself",
    "./elsewhere/../tiny.safetensors,f16,this is the model itself"
  })
  void badInputIsRefusedAndNothingIsWritten(String out, String dtype, String reason)
      throws IOException {
    Path model = TestModel.write(folder);
    Files.createDirectory(folder.resolve("elsewhere"));
    byte[] before = Files.readAllBytes(model);
    Path target = Path.of(folder + "/" + out);
    String refused =
        dtype == null
            ? Cli.refused("convert", model, target)
            : Cli.refused("convert", model, target, "--dtype", dtype);
    assertTrue(refused.contains(reason), refused);
    assertArrayEquals(before, Files.readAllBytes(model));
    assertFalse(Files.exists(folder.resolve("new.gguf")));
  }

  @Test
  void whatIsNoModelOrVocabularyIsRefused() throws IOException {
    Path model = TestModel.write(folder);
    Path text = Files.writeString(folder.resolve("text.txt"), "no vocabulary");
    Path out = folder.resolve("new.gguf");
    assertTrue(Cli.refused("convert", text, out).contains("text.txt"));
    String refused = Cli.refused("convert", model, out, "--vocabulary", text);
    assertTrue(refused.contains("cannot be used"), refused);
    Path safetensors = folder.resolve("new.safetensors");
    String useless = Cli.refused("convert", model, safetensors, "--vocabulary", text);
    assertTrue(useless.contains("--vocabulary is for GGUF"), useless);
    Path state = folder.resolve("state.safetensors");
    SafetensorsWriter.write(state, List.of(), Map.of());
    assertTrue(Cli.refused("convert", state, out).contains("state.safetensors"));
  }
}
