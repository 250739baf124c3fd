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
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.app.Main;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.Task;
import rwkv.engine.train.task.TaskKind;
import rwkv.engine.train.task.Tasks;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.Tokenizers;

/** {@code rwkv train}. */
class TrainCommandTest {

  private static final int STEPS = 80;

  @TempDir Path folder;

  private Path config(String more) throws IOException {
    return config(8, STEPS, 10, more);
  }

  private Path config(int batch, int steps, int checkpoint, String more) throws IOException {
    String json =
        """
        {"model": {"layers": 1, "embd": 32, "head_size": 8,
                   "ranks": {"w": 8, "a": 8, "v": 8, "g": 8}},
         "task": {"name": "classroom", "tested": [8], "held_out": 20},
         "batch": %d, "window": 24, "steps": %d, "rate": 5e-3, "checkpoint": %d, "seed": 1%s}
        """;
    return Files.writeString(
        folder.resolve("boxes.json"), json.formatted(batch, steps, checkpoint, more));
  }

  private static double mean(List<String> lines) {
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.split(",")[2]))
        .average()
        .orElseThrow();
  }

  @Test
  void theLossFallsAndTheModelCanBeTalkedTo() throws IOException {
    Path out = folder.resolve("boxes");
    Cli cli = Cli.run("train", config(", \"name\": \"boxes\""), "--out", out, "--threads", 2);
    assertEquals(0, cli.code(), cli.err());
    assertTrue(cli.err().contains("step 80/80  loss "), cli.err());
    assertTrue(cli.text().contains("boxes.pth: 80 steps, 15,360 tokens of task classroom"));
    assertTrue(cli.text().contains("distance 1 to 2"), cli.text());

    List<String> lines = Files.readAllLines(out.resolve("loss.csv"));
    assertEquals("step,tokens,loss,gradient_norm,rate", lines.getFirst());
    assertEquals(STEPS + 1, lines.size());
    double first = mean(lines.subList(1, 11));
    double last = mean(lines.subList(STEPS - 9, STEPS + 1));
    assertTrue(last < 0.8 * first, () -> first + " to " + last);

    Path model = out.resolve("boxes.pth");
    String said = Cli.ok("generate", model, "--prompt", "1c2a?1", "--max-tokens", 1).text();
    assertTrue(said.strip().matches("(1c2a\\?1)?[a-d?1-4]"), said);
    String table = cli.text().substring(cli.text().indexOf("held out"));
    Cli again = Cli.ok("train", config(""), "--evaluate", model, "--threads", 1);
    assertEquals(table, again.text());
  }

  /** A process of its own, ended in the middle of a step without a chance to do anything. */
  @Test
  void killedItGoesOnToTheSameNumbers() throws Exception {
    Path config = config(1, 30, 3, "");
    Path whole = folder.resolve("whole");
    Path broken = folder.resolve("broken");
    assertEquals(0, Cli.run("train", config, "--out", whole, "--threads", 2).code());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                config.toString(),
                "--out",
                broken.toString(),
                "--threads",
                "2")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    Path losses = broken.resolve("loss.csv");
    while (process.isAlive() && (!Files.exists(losses) || Files.readAllLines(losses).size() < 9)) {
      Thread.sleep(2);
    }
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertFalse(
        Files.exists(broken.resolve("model.pth")), Files.readString(folder.resolve("output")));
    assertEquals(0, Cli.run("train", config, "--out", broken, "--threads", 2, "--resume").code());
    assertEquals(Files.readString(whole.resolve("loss.csv")), Files.readString(losses));
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.pth")),
        Files.readAllBytes(broken.resolve("model.pth")));
  }

  @Test
  void aTextOfOnesOwnIsLearntInItsTokens() throws IOException {
    Path text = Files.writeString(folder.resolve("own.txt"), "abc abd ".repeat(60));
    Path words = folder.resolve("own.vocab.txt");
    Files.writeString(words, "1 'a' 1\n2 'b' 1\n3 'c' 1\n4 'd' 1\n5 ' ' 1\n6 'ab' 2\n");
    Path config =
        Files.writeString(
            folder.resolve("own.json"),
            """
            {"model": {"version": "4", "layers": 1, "embd": 16},
             "task": {"name": "text", "file": "%s", "vocabulary": "%s"},
             "batch": 2, "window": 16, "steps": 5}
            """
                .formatted(text, words));
    Cli cli = Cli.run("train", config, "--out", folder.resolve("own"));
    assertEquals(0, cli.code(), cli.err());
    assertEquals(Files.readString(words), Files.readString(folder.resolve("own/model.vocab.txt")));
    Files.writeString(text, "a?".repeat(99));
    String line = Cli.refused("train", config, "--out", folder.resolve("other"));
    assertTrue(line.contains("own.json"), line);
  }

  @Test
  void whatIsWrongIsRefusedInOneLine() throws IOException {
    assertTrue(Cli.refused("train").contains("name a CONFIG"));
    assertTrue(Cli.refused("train", "missing.json").contains("missing.json"));
    assertTrue(Cli.refused("train", config("")).contains("field out is missing"));
    assertTrue(Cli.refused("train", config(", \"batsh\": 1")).contains("'batsh'"));
    assertTrue(Cli.refused("train", config(""), "--threads", 0).contains("--threads is 0"));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertTrue(Cli.refused("train", config(""), "--out", file).contains("is a file"));
    String none = Cli.refused("train", config(""), "--evaluate", folder.resolve("none.pth"));
    assertTrue(none.contains("none.pth"), none);
  }

  @Test
  void everyTaskIsListedWithItsSettings() {
    String list = Cli.ok("train", "--tasks").text();
    for (TaskKind kind : Tasks.all()) {
      assertTrue(list.contains(kind.name() + ": " + kind.meaning()), list);
      kind.settings().forEach(setting -> assertTrue(list.contains("  " + setting.name()), list));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stories", "copying", "recall", "parity", "permutations", "classroom"})
  void theTokenizerReadsTheVocabularyThatWasWritten(String name) throws IOException {
    Task task = Tasks.named(name).make(Map.of("held_out", 5), new Sizes(1, 128, 9));
    Vocabulary vocabulary = task.vocabulary();
    Path file = folder.resolve(name + ".vocab.txt");
    vocabulary.write(file);
    Tokenizers tokenizers =
        Tokenizers.load(
            ServiceLoader.load(TokenizerProvider.class, TokenizerProvider.class.getClassLoader()));
    Tokenizer tokenizer = tokenizers.create("vocabulary", Optional.of(file));
    assertEquals(vocabulary.size(), tokenizer.vocabularySize());
    for (int token = 0; token < vocabulary.size(); token++) {
      assertArrayEquals(vocabulary.bytes(token), tokenizer.bytes(token));
    }
    task.heldOut()
        .forEach(example -> {
          String text = vocabulary.decode(example.tokens());
          assertEquals(text, tokenizer.decode(example.tokens()));
          assertArrayEquals(vocabulary.encode(text), tokenizer.encode(text));
        });
  }
}
