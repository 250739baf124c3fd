package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Version;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.DecayFormula;
import rwkv.engine.train.DecayShape;

/** {@code rwkv init}. */
class InitCommandTest {

  @TempDir Path folder;

  private Cli init(Path out, Object... more) {
    Object[] words = {
      "init",
      "--version",
      "7",
      "--layers",
      "2",
      "--embd",
      "32",
      "--head-size",
      "16",
      "--vocab",
      "50",
      "--out",
      out
    };
    Object[] all = new Object[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Cli.run(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"new.pth", "new.safetensors"})
  void theNewModelOpensAndTheSummaryTellsItsHalfLives(String name) {
    Path out = folder.resolve(name);
    Cli cli = init(out);
    assertEquals("", cli.err());
    assertEquals(3, cli.text().lines().count(), cli.text());
    assertTrue(cli.text().startsWith(out + ": RWKV-7, 2 layers of 32 channels"), cli.text());
    assertTrue(cli.text().contains("layer 1: half-lives 1.20 to 3,408 tokens"), cli.text());
    assertTrue(Cli.ok("info", out).text().contains("RWKV-7"));
    Cli.ok("logits", out, "--tokens", "1,2,3", "--out", folder.resolve("logits.safetensors"));
  }

  @Test
  void theSameSeedGivesTheSameFile() throws IOException {
    Path first = folder.resolve("first.pth");
    Path second = folder.resolve("second.pth");
    init(first, "--seed", 5);
    init(second, "--seed", 5);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    init(second, "--seed", 6);
    assertFalse(java.util.Arrays.equals(Files.readAllBytes(first), Files.readAllBytes(second)));
  }

  @Test
  void decaysComeFromAFile() {
    DecayShape shape = new DecayShape(Version.V7, 2, 32, 16);
    Path curve = folder.resolve("curve.json");
    DecayFile.save(curve, new DecayFormula.Linear(-4, 1).curve(shape));
    Path out = folder.resolve("new.pth");
    assertEquals(0, init(out, "--decay", curve, "--dtype", "f32").code());
    try (Checkpoint model = Checkpoints.open(out)) {
      float[] w0 = model.tensors().get("blocks.1.att.w0").toFloats();
      assertEquals(-4, w0[0]);
      assertEquals(1, w0[31]);
    }
    DecayFile.save(
        curve, new DecayFormula.Linear(-4, 1).curve(new DecayShape(Version.V7, 3, 32, 16)));
    String err = init(out, "--decay", curve).err();
    assertTrue(err.contains("curve.json") && err.contains("3 layers"), err);
  }

  @Test
  void decaysComeFromAFormula() {
    Path out = folder.resolve("new.pth");
    Cli cli = init(out, "--decay-formula", "constant:tokens=50");
    assertTrue(cli.text().contains("half-lives 50.0 to 50.0 tokens"), cli.text() + cli.err());
  }

  @ParameterizedTest
  @CsvSource({
    "--version,9,version '9'",
    "--embd,33,33 channels are not whole heads of 16",
    "--layers,0,layers: 0",
    "--dtype,q8_0,expected bf16",
    "--dtype,x,--dtype is 'x'",
    "--decay-formula,steep,there is no decay formula 'steep'",
    "--decay-formula,constant:halflife=3,no constant 'halflife'",
    "--decay-formula,constant:tokens=0,must be above 0",
    "--ffn,-1,channel mixing",
    "--out,new.gguf,expected a name ending in .pth or .safetensors",
    "--out,missing/new.pth,there is no folder",
    "--decay,missing.json,missing.json"
  })
  void badInputIsRefusedInOneLine(String option, String value, String reason) throws IOException {
    Object[] words = {
      "init",
      "--version",
      "7",
      "--layers",
      "2",
      "--embd",
      "32",
      "--head-size",
      "16",
      "--vocab",
      "50",
      "--out",
      folder.resolve("new.pth")
    };
    boolean file = option.equals("--out") || option.equals("--decay");
    Object given = file ? folder.resolve(value) : value;
    Object[] all = words;
    boolean replaced = false;
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals(option)) {
        words[i + 1] = given;
        replaced = true;
      }
    }
    if (!replaced) {
      all = java.util.Arrays.copyOf(words, words.length + 2);
      all[words.length] = option;
      all[words.length + 1] = given;
    }
    String refused = Cli.refused(all);
    assertTrue(refused.contains(reason), refused);
    assertFalse(Files.exists(folder.resolve("new.pth")));
  }
}
