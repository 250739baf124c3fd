package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to be wrong: one line that names it, exit code 2, and nothing written. */
class BadInputTest {

  @TempDir Path folder;
  private Path model;
  private Path out;

  @BeforeEach
  void write() {
    model = TestModel.write(folder);
    out = folder.resolve("out.safetensors");
  }

  /** What the one line must contain, and the command line; M is the model, O the output. */
  static Stream<Arguments> commandLines() {
    return Stream.of(
        of("a command is missing"),
        of("frobnicate", "frobnicate"),
        of("--frob", "info", "M", "--frob"),
        of("Missing required parameter: 'MODEL'", "info"),
        of("nowhere.pth", "info", "nowhere.pth"),
        of("Missing required option: '--tokens=IDS'", "logits", "M", "--out", "O"),
        of("Missing required option: '--out=OUT'", "logits", "M", "--tokens", "1"),
        of("names no token", "logits", "M", "--tokens", "", "--out", "O"),
        of("'x' is not a token id", "logits", "M", "--tokens", "1,x", "--out", "O"),
        of("'99999999999' is not", "logits", "M", "--tokens", "99999999999", "--out", "O"),
        of("token 257 at position 1", "logits", "M", "--tokens", "1,257", "--out", "O"),
        of("token -1 at position 0", "logits", "M", "--tokens", "-1", "--out", "O"),
        of("missing.txt: no such file", "logits", "M", "--tokens", "@missing.txt", "--out", "O"),
        of("--chunk is 0", "logits", "M", "--tokens", "1", "--chunk", "0", "--out", "O"),
        of("--chunk is 99999", "logits", "M", "--tokens", "1", "--chunk", "99999", "--out", "O"),
        of("--threads is 0", "logits", "M", "--tokens", "1", "--threads", "0", "--out", "O"),
        of("there are: auto, cpu", "logits", "M", "--tokens", "1", "--backend", "no", "--out", "O"),
        of("for RWKV-5 only", "info", "M", "--group-norm-eps", "1e-5"),
        of("epsilon is -1.0", "info", "M", "--group-norm-eps", "-1"),
        of("no folder", "logits", "M", "--tokens", "1", "--out", "nowhere/out.safetensors"),
        of("the model itself", "logits", "M", "--tokens", "1", "--out", "M"),
        of("holds no state", "logits", "M", "--tokens", "1", "--state", "M", "--out", "O"),
        of("there is no such", "logits", "M", "--tokens", "1", "--state", "none", "--out", "O"),
        of("temperature", "generate", "M", "--temperature", "-1", "--save-state", "O"),
        of("top-p", "generate", "M", "--top-p", "2"),
        of("'hot' is not a double", "generate", "M", "--temperature", "hot"),
        of("--ban leaves no token", "generate", "M", "--ban", allTokens()),
        of("--ban: token 300", "generate", "M", "--ban", "300"),
        of("--max-tokens is -1", "generate", "M", "--max-tokens", "-1"),
        of("exclude each other", "generate", "M", "--prompt", "a", "--prompt-file", "b"),
        of("missing.txt: no such file", "generate", "M", "--prompt-file", "missing.txt"),
        of(
            "there are: 20b, byte, gguf, ids, vocabulary, world",
            "generate",
            "M",
            "--tokenizer",
            "none"),
        of("needs a vocabulary file", "generate", "M", "--tokenizer", "world"),
        of("M cannot be used", "generate", "M", "--vocabulary", "M"),
        of("prefill is 0", "bench", "M", "--prefill", "0"),
        of("repeats is -3", "bench", "M", "--repeat", "-3"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commandLines")
  void isRefusedInOneLine(String message, List<String> words) throws Exception {
    Object[] command = words.stream().map(this::path).toArray();
    String line = Cli.refused(command);
    assertTrue(line.contains(message.replaceAll("^M ", model + " ")), line);
    assertFalse(Files.exists(out));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count(), "the model and its vocabulary");
    }
  }

  @Test
  void aStateOfAnotherModelIsRefused() {
    Path other = TestModel.write(folder.resolve("other.safetensors"), 3, 1);
    Path state = folder.resolve("state.safetensors");
    Cli.ok("logits", other, "--tokens", "1", "--out", state);
    String line = Cli.refused("logits", model, "--tokens", "1", "--state", state, "--out", out);
    assertTrue(line.contains("more layers than the model"), line);
    assertFalse(Files.exists(out));
  }

  @Test
  void aDamagedModelIsRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(model);
    Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, 999));
    assertTrue(Cli.refused("info", cut).contains("cut.safetensors"));
    assertTrue(Cli.refused("generate", cut, "--prompt", "a").contains("cut.safetensors"));
    assertTrue(Cli.refused("bench", cut).contains("cut.safetensors"));
  }

  @Test
  void aPromptThatIsNoTextIsRefused() throws Exception {
    Path file = Files.write(folder.resolve("prompt"), new byte[] {(byte) 0xff});
    assertTrue(Cli.refused("generate", model, "--prompt-file", file).contains("not UTF-8"));
  }

  @Test
  void theStackTraceIsThereWhenAskedFor() {
    Cli cli = Cli.run("info", "nowhere.pth", "--debug");
    assertEquals(2, cli.code());
    assertTrue(cli.err().contains("CheckpointException"), cli.err());
    assertTrue(cli.err().contains("\tat rwkv."), cli.err());
  }

  private Object path(String word) {
    return switch (word) {
      case "M" -> model;
      case "O" -> out;
      default -> word;
    };
  }

  private static Arguments of(String message, String... words) {
    return Arguments.of(message, List.of(words));
  }

  private static String allTokens() {
    StringBuilder all = new StringBuilder("0");
    for (int token = 1; token < TestModel.VOCABULARY; token++) {
      all.append(',').append(token);
    }
    return all.toString();
  }
}
