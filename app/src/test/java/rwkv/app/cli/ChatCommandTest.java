package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rwkv chat}, on a model of bytes. */
class ChatCommandTest {

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() {
    model = TestModel.write(folder);
  }

  private Cli chat(String typed, boolean terminal, Object... more) {
    List<String> all =
        new ArrayList<>(
            List.of("chat", model.toString(), "--ban", "0,11,14", "--max-tokens", "20"));
    Arrays.stream(more).map(String::valueOf).forEach(all::add);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        RwkvCommand.run(
            all.toArray(String[]::new),
            new RwkvCommand.Input(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), terminal),
            new PrintStream(out, false),
            new PrintStream(err, true),
            List.of());
    return new Cli(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  private String answers(String typed, Object... more) {
    Cli cli = chat(typed, false, more);
    assertEquals("", cli.err());
    assertEquals(0, cli.code());
    return cli.text();
  }

  /** Line ends are banned, so that every answer is a line. */
  private static List<String> lines(String answers) {
    return answers.lines().filter(line -> !line.isEmpty()).toList();
  }

  @Test
  void everyLineIsAnsweredOnTheStateOfThoseBefore() {
    List<String> both = lines(answers("One\n\nTwo\n", "--template", "chat"));
    assertEquals(2, both.size(), both::toString);
    assertEquals(both.getFirst(), lines(answers("One", "--template", "chat")).getFirst());
    assertNotEquals(both.getLast(), lines(answers("Two", "--template", "chat")).getFirst());
  }

  @Test
  void aTalkInOneGoIsATalkInTwo() {
    Path state = folder.resolve("state.safetensors");
    List<String> both = lines(answers("One\nTwo\n", "--template", "chat"));
    answers("One\n", "--template", "chat", "--save-state", state);
    assertEquals(
        both.getLast(), lines(answers("Two\n", "--template", "chat", "--state", state)).getLast());
  }

  @Test
  void resetBeginsAnew() {
    List<String> lines = lines(answers("One\n:reset\nOne\n:quit\nOne\n", "--template", "chat"));
    assertEquals(2, lines.size());
    assertEquals(lines.getFirst(), lines.getLast());
  }

  @Test
  void againDrawsWithTheNextSeedFromTheSameState() {
    List<String> lines = lines(answers("One\n:again\n", "--template", "chat", "--seed", 5));
    assertEquals(2, lines.size());
    assertNotEquals(lines.getFirst(), lines.getLast());
    assertEquals(
        lines.getLast(), lines(answers("One\n", "--template", "chat", "--seed", 6)).getLast());
  }

  @Test
  void whatIsNoCommandIsSaidAndNotRead() {
    Cli cli = chat(":again\n:what\nOne\n", false, "--template", "chat");
    assertEquals(0, cli.code());
    assertEquals(2, cli.err().lines().count(), cli.err());
    assertTrue(cli.err().contains("':what' is no command"), cli.err());
    assertEquals(answers("One\n", "--template", "chat"), cli.text());
  }

  @Test
  void aTerminalIsToldWhoSpeaks() {
    String shown = chat("One\n", true, "--template", "raven-chat").text();
    assertTrue(shown.startsWith("Bob: Alice: "), shown);
    assertTrue(shown.endsWith("Bob: "), shown);
  }

  @Test
  void withoutATemplateTheModelsOwnIsTaken() {
    assertEquals(answers("One\nTwo\n", "--template", "plain"), answers("One\nTwo\n"));
    assertNotEquals(answers("One\n"), answers("One\n", "--template", "chat"));
  }

  @Test
  void nothingTypedIsNothingSaid() {
    assertEquals("", answers(""));
    assertTrue(Cli.refused("chat", model, "--template", "x").contains("g1-think"));
    assertTrue(Cli.refused("chat", model, "--max-tokens", 0).contains("at least 1"));
  }
}
