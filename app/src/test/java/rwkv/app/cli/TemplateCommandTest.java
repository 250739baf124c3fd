package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;

/** {@code rwkv generate} with templates and stop sequences, on a model of bytes. */
class TemplateCommandTest {

  private static final String QUESTION = "Hello\n\n\nyou ";

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() {
    model = TestModel.write(folder);
  }

  private String generate(Object... more) {
    return Cli.ok(args(more)).text();
  }

  private Object[] args(Object... more) {
    List<Object> all = new ArrayList<>(List.of("generate", model, "--ban", "0"));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  private SavedState saved(Path file) {
    try (Engine engine = Engine.open(model, "cpu", 1, Progress.NONE)) {
      return SavedState.load(file, engine.spec());
    }
  }

  @Test
  void aTemplateWritesThePromptAndPrintsTheAnswerOnly() {
    String answer = generate("--template", "chat", "--prompt", QUESTION, "--max-tokens", 40);
    String whole =
        generate("--prompt", "User: Hello\nyou\n\nAssistant:", "--max-tokens", 40, "--no-echo");
    assertEquals(whole.strip(), answer.strip());
    assertEquals(answer.stripLeading(), answer);
    String echoed =
        generate("--template", "chat", "--prompt", QUESTION, "--max-tokens", 40, "--echo");
    assertEquals("User: Hello\nyou\n\nAssistant:" + whole, echoed);
  }

  @Test
  void everyTemplateCanBeUsed() {
    for (PromptTemplate template : PromptTemplates.all()) {
      String echoed =
          generate("--template", template.id(), "--prompt", "Hi", "--max-tokens", 3, "--echo");
      assertTrue(echoed.startsWith(template.first("Hi", "")), template.id());
    }
  }

  @Test
  void aStopSequenceEndsTheTextAndIsNotInTheState() {
    String whole = generate("--prompt", "Hello", "--max-tokens", 600, "--no-echo");
    Matcher pair = Pattern.compile("[A-Za-z0-9]{2}").matcher(whole);
    assertTrue(pair.find(20), whole);
    String stop = pair.group();
    Path stopped = folder.resolve("stopped.safetensors");
    Path counted = folder.resolve("counted.safetensors");
    String text =
        generate(
            "--prompt",
            "Hello",
            "--max-tokens",
            600,
            "--no-echo",
            "--stop",
            "never comes",
            "--stop",
            stop,
            "--save-state",
            stopped);
    assertEquals(whole.substring(0, whole.indexOf(stop)).strip(), text.strip());

    SavedState state = saved(stopped);
    int made = state.tokens() - "Hello".length();
    generate("--prompt", "Hello", "--max-tokens", made, "--save-state", counted);
    assertEquals(saved(counted).state(), state.state());
    assertNotNull(state.logits());
    assertArrayEquals(saved(counted).logits(), state.logits());
  }

  @Test
  void aSecondTurnGoesOnFromASavedState() {
    Path state = folder.resolve("chat.safetensors");
    String first =
        generate(
            "--template",
            "chat",
            "--prompt",
            "One",
            "--max-tokens",
            5,
            "--echo",
            "--save-state",
            state);
    String second =
        generate(
            "--template", "chat", "--prompt", "Two", "--max-tokens", 5, "--echo", "--state", state);
    assertTrue(first.startsWith("User: One\n\nAssistant:"), first);
    assertTrue(second.startsWith("\n\nUser: Two\n\nAssistant:"), second);
    Cli refused =
        Cli.run(args("--template", "chat", "--prompt", "x", "--state", state, "--system", "S"));
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("before the first turn"), refused.err());
  }

  @Test
  void theEndOfTheTextEndsAnAnswerAndIsNotInTheState() {
    StringBuilder others = new StringBuilder("1");
    for (int token = 2; token < TestModel.VOCABULARY; token++) {
      others.append(',').append(token);
    }
    Path state = folder.resolve("ended.safetensors");
    String text =
        Cli.ok(
                "generate",
                model,
                "--template",
                "qa",
                "--prompt",
                "Why?",
                "--ban",
                others,
                "--save-state",
                state)
            .text();
    assertEquals("", text);
    assertEquals("\nQ: Why?\n\nA:".length(), saved(state).tokens());
  }

  @Test
  void escapesInAStopSequenceAreRead() {
    String whole = generate("--prompt", "Hello", "--max-tokens", 900, "--no-echo");
    String text = generate("--prompt", "Hello", "--max-tokens", 900, "--no-echo", "--stop", "\\n");
    assertEquals(whole.substring(0, whole.indexOf('\n') + 1), text + (text.isEmpty() ? "\n" : ""));
  }

  @Test
  void wrongUseIsRefusedInALine() {
    String unknown = Cli.refused("generate", model, "--template", "nope", "--prompt", "x");
    assertTrue(unknown.contains("nope") && unknown.contains("g1-think"), unknown);
    String asked = Cli.refused("generate", model, "--template", "chat");
    assertTrue(asked.contains("--prompt"), asked);
    String system =
        Cli.refused("generate", model, "--template", "qa", "--prompt", "x", "--system", "S");
    assertTrue(system.contains("qa"), system);
    assertTrue(Cli.refused("generate", model, "--system", "S").contains("system"));
    assertTrue(Cli.refused("generate", model, "--stop", "").contains("--stop"));
  }

  @Test
  void theTemplatesAreListed() {
    String list = Cli.ok("templates").text();
    String help = Cli.ok("generate", "--help").text().replaceAll("\\s+", " ");
    for (PromptTemplate template : PromptTemplates.all()) {
      assertTrue(list.lines().anyMatch(line -> line.startsWith(template.id() + " ")), list);
      assertTrue(help.contains(template.id()), help);
    }
    assertTrue(list.contains("\"User: {text}\\n\\nAssistant:\""), list);
    assertFalse(list.contains("\t"));
  }
}
