package rwkv.app.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.message.Messages;
import rwkv.app.open.EngineLoader;
import rwkv.app.open.OpenViewModel;
import rwkv.app.open.Opened;
import rwkv.app.open.TokenizerChoice;
import rwkv.app.open.TokenizerChooser;
import rwkv.app.plugins.PluginProbe;
import rwkv.app.probing.ProbeCatalog;
import rwkv.app.probing.ProbeRunner;
import rwkv.app.probing.RunState;
import rwkv.app.probing.RunStore;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers;
import tech.tablesaw.api.Table;

/** With a tiny model; all but the probe on one thread. */
class ProbesViewModelTest {

  private static final int PATIENCE_MILLIS = 60_000;
  private static final Tokenizer NUMBERS =
      new Tokenizer() {
        @Override
        public String name() {
          return "numbers";
        }

        @Override
        public int vocabularySize() {
          return 16;
        }

        @Override
        public int[] encode(String text) {
          return text.chars().map(each -> each % 16).toArray();
        }

        @Override
        public byte[] bytes(int token) {
          return new byte[] {(byte) ('a' + token)};
        }
      };

  private static final Offer OFFER = new Offer("numbers", Optional.empty(), 100, "a test");

  @TempDir Path folder;

  private final Messages messages = new Messages();
  private final TokenizerChooser chooser =
      new TokenizerChooser(Tokenizers.of(List.of()), List.of());
  private final OpenViewModel open =
      new OpenViewModel(new EngineLoader(chooser), chooser, Runnable::run, Runnable::run, messages);
  private final ReadOnlyObjectWrapper<@Nullable Opened> opened = new ReadOnlyObjectWrapper<>();
  private CountingProbe counting = new CountingProbe(1000);
  private ProbesViewModel probes;

  @BeforeEach
  void openATinyModel() {
    ModelPlan plan = ModelPlan.of(Version.V7, 2, 32, 16).withVocabulary(16);
    Path file = folder.resolve("tiny.safetensors");
    Initialiser initial = new Initialiser(plan, plan.officialDecays(), 5);
    SafetensorsWriter.write(file, initial.tensors(Progress.NONE).values(), Map.of());
    open.open(file);
    probes = start();
    assertEquals("Open a model first.", probes.problemProperty().get());
    opened.set(
        new Opened(
            open.openedProperty().get().model(),
            new TokenizerChoice(NUMBERS, OFFER, List.of(OFFER))));
    assertEquals("", probes.problemProperty().get());
  }

  private ProbesViewModel start() {
    ProbesViewModel started =
        new ProbesViewModel(
            opened.getReadOnlyProperty(),
            new RunStore(folder.resolve("runs")),
            new ProbeRunner("test"),
            Runnable::run,
            Runnable::run,
            messages);
    started.find(() -> ProbeCatalog.of(List.of(new PluginProbe(counting, "a test"))));
    return started;
  }

  @AfterEach
  void close() {
    probes.close();
    open.close();
  }

  private void type(String name, String text) {
    probes.formProperty().get().settings().stream()
        .filter(each -> each.setting().name().equals(name))
        .findFirst()
        .orElseThrow()
        .field()
        .textProperty()
        .set(text);
  }

  private void await(BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    probes.look();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, () -> "waited; " + messages.problemProperty().get());
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      probes.look();
    }
  }

  private ProbeRunViewModel run() {
    ProbeRunViewModel run = probes.start().orElseThrow();
    await(() -> !run.isRunning());
    return run;
  }

  private static Table numbers(ProbeRunViewModel run) {
    return run.run().result().table("numbers");
  }

  @Test
  void twoRunsWithTheSameSeedGiveTheSameTable() {
    type("factors", "1, 0.25, 3");
    ProbeRunViewModel one = run();
    ProbeRunViewModel two = run();
    assertEquals(18, numbers(one).rowCount());
    assertEquals(numbers(one).print(100), numbers(two).print(100));
    probes.formProperty().get().seed().textProperty().set("2");
    ProbeRunViewModel other = run();
    assertFalse(numbers(one).print(100).equals(numbers(other).print(100)), "another seed");
    probes.chosen().setAll(other, one);
    assertEquals(List.of(one, other), probes.compared());
    assertEquals(
        List.of("seed 1", "seed 2"),
        RunWords.labels(probes.compared().stream().map(ProbeRunViewModel::run).toList()));
  }

  @Test
  void whatIsThereWhenARunIsCancelledIsKept() throws Exception {
    counting = new CountingProbe(2);
    probes.find(() -> ProbeCatalog.of(List.of(new PluginProbe(counting, "a test"))));
    ProbeRunViewModel run = probes.start().orElseThrow();
    await(() -> run.run().result().tables().size() == 1 && numbers(run).rowCount() == 4);
    assertEquals("running", run.state());
    assertEquals(1, run.run().result().charts().size(), "while it runs");
    probes.cancel(List.of(run));
    await(() -> !run.isRunning());
    assertEquals(RunState.CANCELLED, run.run().state());
    assertEquals(4, numbers(run).rowCount());

    ProbesViewModel next = start();
    assertEquals(1, next.runs().size());
    assertEquals(numbers(run).print(9), numbers(next.runs().getFirst()).print(9));
    assertEquals("cancelled", next.runs().getFirst().state());
  }

  @Test
  void runsAreThereAfterARestartUntilTheyAreDeleted() throws Exception {
    type("kind", "signed");
    ProbeRunViewModel run = run();
    ProbesViewModel next = start();
    ProbeRunViewModel same = next.runs().getFirst();
    assertEquals(List.of(same), next.chosen());
    assertEquals("There were 6 numbers.", same.verdict());
    assertEquals(Map.of("rows", 6.0), same.run().result().figures());
    assertEquals(run.run().result().charts(), same.run().result().charts());
    assertEquals(run.run().parameters(), same.run().parameters());
    next.again(same);
    assertEquals("signed", next.formProperty().get().settings().get(2).field().value());

    Path copies = Files.createDirectory(folder.resolve("copies"));
    next.export(same, copies);
    try (Stream<Path> copied = Files.walk(copies)) {
      assertTrue(copied.anyMatch(path -> path.endsWith("run.json")), "run.json is copied");
    }
    next.delete(List.of(same));
    assertTrue(next.runs().isEmpty());
    assertTrue(start().runs().isEmpty());
    assertEquals("", messages.problemProperty().get());
  }

  @Test
  void closingKeepsWhatIsRunning() {
    counting = new CountingProbe(3);
    probes.find(() -> ProbeCatalog.of(List.of(new PluginProbe(counting, "a test"))));
    ProbeRunViewModel run = probes.start().orElseThrow();
    await(() -> run.run().result().tables().size() == 1 && numbers(run).rowCount() == 6);
    probes.close();
    assertEquals(6, numbers(start().runs().getFirst()).rowCount());
  }

  @Test
  void aFormSaysWhatIsWrongAndNothingStarts() {
    type("rows", "0");
    assertEquals("rows: from 1 to 1000", probes.problemProperty().get());
    assertEquals(Optional.empty(), probes.start());
    type("rows", "3");
    type("factors", "1, many");
    assertEquals("factors: a number, please", probes.problemProperty().get());
    type("factors", "1 2");
    assertEquals("", probes.problemProperty().get());
  }

  @Test
  void probesThatDoNotSuitTheModelSayWhy() {
    ModelPlan plan = ModelPlan.of(Version.V7, 5, 32, 16).withVocabulary(16);
    Path file = folder.resolve("deep.safetensors");
    Initialiser initial = new Initialiser(plan, plan.officialDecays(), 5);
    SafetensorsWriter.write(file, initial.tensors(Progress.NONE).values(), Map.of());
    opened.set(null);
    open.open(file);
    opened.set(
        new Opened(
            open.openedProperty().get().model(),
            new TokenizerChoice(NUMBERS, OFFER, List.of(OFFER))));
    assertEquals("It counts to four layers.", probes.problemProperty().get());
    assertEquals(
        Map.of("counting", "It counts to four layers."), probes.unsuitableProperty().get());
  }
}
