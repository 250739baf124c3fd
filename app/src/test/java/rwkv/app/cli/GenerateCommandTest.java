package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rwkv generate}. */
class GenerateCommandTest {

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() {
    model = TestModel.write(folder);
  }

  @Test
  void sameSeedSameText() {
    String text = generate("--seed", 5);
    assertEquals(text, generate("--seed", 5));
    assertNotEquals(text, generate("--seed", 6));
    assertTrue(text.startsWith("Hello"), text);
    assertTrue(text.endsWith("\n"), text);
  }

  @Test
  void threadsDoNotChangeTheText() {
    assertEquals(generate("--threads", 1), generate("--threads", 3));
  }

  @Test
  void greedyNeedsNoSeed() {
    assertEquals(
        generate("--temperature", 0, "--seed", 1), generate("--temperature", 0, "--seed", 2));
  }

  @Test
  void theReferenceBackendWritesTheSameGreedyText() {
    assertEquals(
        generate("--temperature", 0, "--max-tokens", 8),
        generate("--temperature", 0, "--max-tokens", 8, "--backend", "reference"));
  }

  @Test
  void outputIsWholeUtf8() throws Exception {
    Cli cli = Cli.ok("generate", model, "--prompt", "Grüße, 世界", "--max-tokens", 300);
    // A strict decoder: anything cut in half would throw.
    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(cli.out()));
    assertTrue(cli.text().startsWith("Grüße, 世界"), cli.text());
  }

  @Test
  void everyTokenIsFlushed() {
    int[] flushes = new int[1];
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            flushes[0]++;
          }
        };
    RwkvCommand.run(
        args("--max-tokens", 30, "--ban", 0), new PrintStream(bytes, false), System.err, List.of());
    assertTrue(flushes[0] >= 30, () -> flushes[0] + " flushes");
  }

  @Test
  void endOfTextEndsItSilently() {
    StringBuilder others = new StringBuilder("1");
    for (int token = 2; token < TestModel.VOCABULARY; token++) {
      others.append(',').append(token);
    }
    String text = generate("--ban", others, "--max-tokens", 50);
    assertEquals("Hello\n", text);
  }

  @Test
  void promptIsNotEchoedUnlessWanted() {
    String echoed = generate("--max-tokens", 12);
    String bare = generate("--max-tokens", 12, "--no-echo");
    assertEquals(echoed, "Hello" + bare);
  }

  @Test
  void promptCanComeFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("prompt.txt"), "Hello");
    String text = Cli.ok("generate", model, "--prompt-file", file, "--max-tokens", 9).text();
    assertEquals(generate("--max-tokens", 9), text);
  }

  @Test
  void emptyPromptBeginsAnew() {
    String text = Cli.ok("generate", model, "--max-tokens", 60).text();
    assertEquals(text, Cli.ok("generate", model, "--prompt", "", "--max-tokens", 60).text());
    assertFalse(text.isBlank());
  }

  @Test
  void aSavedStateGoesOnWhereItEnded() {
    Path state = folder.resolve("state.safetensors");
    String whole = generate("--max-tokens", 24, "--ban", 0);
    String begin = generate("--max-tokens", 10, "--ban", 0, "--save-state", state);
    String end = Cli.ok("generate", model, "--state", state, "--max-tokens", 14, "--ban", 0).text();
    assertEquals(letters(whole), letters(begin) + letters(end));
  }

  @Test
  void aClosedPipeEndsItQuietly() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        RwkvCommand.run(
            args("--max-tokens", 100_000_000),
            new PrintStream(closed),
            new PrintStream(err),
            List.of());
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    assertEquals(0, code);
  }

  @Test
  void theSampleModelTellsAStory() {
    Path stories = TestModel.require("sample-models/stories-v7/stories-v7.pth");
    String text =
        Cli.ok("generate", stories, "--prompt", "Anna", "--max-tokens", 30, "--temperature", 0)
            .text();
    assertTrue(text.matches("(?s)Anna[\\w .,?!'\"\\n-]+"), text);
  }

  private String[] args(Object... more) {
    Object[] all = new Object[more.length + 4];
    System.arraycopy(more, 0, all, 4, more.length);
    all[0] = "generate";
    all[1] = model;
    all[2] = "--prompt";
    all[3] = "Hello";
    return Arrays.stream(all).map(String::valueOf).toArray(String[]::new);
  }

  private String generate(Object... more) {
    return Cli.ok((Object[]) args(more)).text();
  }

  /**
   * The text without what depends on where it was cut: broken characters and the last line's end.
   */
  private static String letters(String text) {
    return text.replaceAll("[^\\x21-\\x7e]", "");
  }
}
