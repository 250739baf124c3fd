package rwkv.app.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.generate.Field;
import rwkv.app.message.Messages;
import rwkv.engine.model.Version;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.ModelPlan;
import rwkv.engine.train.task.Tasks;
import rwkv.engine.train.task.Texts;

/** Training runs without a window; one thread stands for the window's. */
class RunsViewModelTest {

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  @TempDir Path folder;

  private final ExecutorService foreground = Executors.newSingleThreadExecutor();
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private final Messages messages = new Messages();
  private final List<Path> openedModels = new ArrayList<>();
  private RunsViewModel runs;

  @BeforeEach
  void begin() throws Exception {
    runs = create();
  }

  @AfterEach
  void end() {
    runs.close();
    foreground.shutdownNow();
    background.shutdownNow();
  }

  private RunsViewModel create() throws Exception {
    DecayCurve lab = ModelPlan.of(Version.V6, 5, 128).officialDecays();
    RunsViewModel made =
        on(() ->
            new RunsViewModel(
                () -> lab,
                folder.resolve("runs"),
                Texts.NONE,
                1,
                background,
                foreground,
                messages,
                openedModels::add));
    on(() -> {
      RunFormViewModel form = made.form();
      form.taskProperty().set(Tasks.named("parity"));
      type(form.setting("held_out").field(), "2");
      type(form.sizes().get(0), "1");
      type(form.sizes().get(1), "16");
      type(form.sizes().get(2), "8");
      type(field(form, "batch"), "2");
      type(field(form, "steps"), "6");
      return null;
    });
    return made;
  }

  private static Field<?> field(RunFormViewModel form, String label) {
    return form.training().stream()
        .filter(field -> field.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private static void type(Field<?> field, String text) {
    field.textProperty().set(text);
    assertEquals("", field.problemProperty().get(), field.label());
  }

  private <T> T on(Callable<T> task) throws Exception {
    Future<T> done = foreground.submit(task);
    return done.get();
  }

  private void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!on(condition)) {
      assertTrue(System.nanoTime() < until, "still not so: " + on(this::summary));
      Thread.sleep(5);
    }
  }

  private String summary() {
    List<String> all = new ArrayList<>();
    runs.runs()
        .forEach(run ->
            all.add(run.title() + " " + run.state() + " " + run.steps() + " " + run.problem()));
    return all + " " + messages.problemProperty().get() + messages.newsProperty().get();
  }

  /** Begins with what is ticked; the runs, the oldest first. */
  private List<RunViewModel> train(int expected) throws Exception {
    on(() -> {
      runs.train();
      return null;
    });
    await(() -> runs.runs().size() == expected);
    return on(() -> List.copyOf(runs.runs()).reversed());
  }

  private void chooseOnly(int initial) throws Exception {
    on(() -> {
      for (int i = 0; i < runs.form().initials().size(); i++) {
        runs.form().initials().get(i).chosenProperty().set(i == initial);
      }
      return null;
    });
  }

  private void steps(String number) throws Exception {
    on(() -> {
      type(field(runs.form(), "steps"), number);
      return null;
    });
  }

  @Test
  void oneRunForEachInitialisationLearnsToItsEndAndIsTested() throws Exception {
    List<RunViewModel> both = train(2);
    await(() -> both.stream().allMatch(run -> run.state() == RunState.DONE));
    for (RunViewModel run : both) {
      assertEquals(6, run.losses().length);
      assertTrue(Double.isFinite(run.history().last()));
      assertTrue(run.accuracy() >= 0 && run.accuracy() <= 1, "" + run.accuracy());
      assertEquals(1, run.history().line(5).layers().length);
      assertTrue(run.history().line(5).layers()[0] > 0);
      assertTrue(Files.exists(run.modelFile()));
      assertNotEquals(run.start(), run.decays(), "decays that have not moved");
    }
    assertEquals("curve of the lab, resampled", both.get(0).initialisation());
    assertEquals("official", both.get(1).initialisation());
    assertNotEquals(both.get(0).slot(), both.get(1).slot());
    String csv = on(() -> RunTables.list(runs.runs())).write().toString("csv");
    assertEquals(3, csv.lines().count(), csv);
    assertTrue(csv.contains("parity,\"curve of the lab, resampled\",7,done,6,6,"), csv);
  }

  @Test
  void aPausedRunIsFoundAgainAndGoesOnAsIfUnbroken() throws Exception {
    chooseOnly(1);
    steps("40");
    RunViewModel unbroken = train(1).getFirst();
    await(() -> unbroken.state() == RunState.DONE);

    RunViewModel broken = train(2).getLast();
    await(() -> broken.steps() > 0);
    on(() -> {
      runs.pause(broken);
      return null;
    });
    await(() -> broken.state() == RunState.PAUSED);
    long taken = on(broken::steps);
    assertTrue(taken < 40, "paused after all steps");
    double[] before = on(broken::losses);
    runs.close();

    runs = create();
    await(() -> runs.runs().size() == 2);
    RunViewModel found = on(() -> runs.runs().getFirst());
    assertEquals(2, found.number());
    assertEquals(RunState.PAUSED, found.state());
    assertArrayEquals(before, found.losses());
    assertEquals(RunState.DONE, on(() -> runs.runs().getLast().state()));
    on(() -> {
      runs.resume(found);
      return null;
    });
    await(() -> found.state() == RunState.DONE);
    assertArrayEquals(unbroken.losses(), found.losses());
    assertEquals(unbroken.accuracy(), found.accuracy());
    assertEquals(40, on(() -> RunHistory.read(found.files())).size());
  }

  @Test
  void closingSavesRunsThatAreGoingOn() throws Exception {
    chooseOnly(1);
    steps("100000");
    RunViewModel run = train(1).getFirst();
    await(() -> run.steps() > 1);
    runs.close();
    long taken = on(run::steps);
    runs = create();
    await(() -> !runs.runs().isEmpty());
    RunViewModel found = on(() -> runs.runs().getFirst());
    assertEquals(RunState.PAUSED, found.state());
    assertEquals(taken, found.steps());
    assertEquals(run.decays(), found.decays());
    assertTrue(Files.exists(run.files().folder().resolve("checkpoint.safetensors")));
  }

  @Test
  void aStoppedRunIsTestedKeptAndDeleted() throws Exception {
    chooseOnly(0);
    steps("100000");
    RunViewModel run = train(1).getFirst();
    await(() -> run.steps() > 0);
    Path kept = folder.resolve("kept.pth");
    on(() -> {
      runs.keep(run, kept);
      return null;
    });
    await(() -> messages.newsProperty().get().startsWith("Kept"));
    assertTrue(Files.size(kept) > 0 && Files.exists(folder.resolve("kept.vocab.txt")));
    on(() -> {
      runs.stop(run);
      runs.open(run);
      return null;
    });
    await(() -> run.state() == RunState.STOPPED && openedModels.size() == 1);
    assertTrue(run.accuracy() >= 0);
    assertEquals(run.modelFile(), openedModels.getFirst());
    on(() -> {
      runs.delete(run);
      return null;
    });
    await(() -> runs.runs().isEmpty() && !Files.exists(run.files().folder()));
  }

  @Test
  void aRunThatFailsIsNamedAndTheOthersGoOn() throws Exception {
    Path wrong = folder.resolve("runs").resolve("0001-parity-v7");
    chooseOnly(1);
    RunViewModel first = train(1).getFirst();
    await(() -> first.state() == RunState.DONE);
    runs.close();
    Files.delete(wrong.resolve("run.json"));
    Files.writeString(wrong.resolve("checkpoint.safetensors"), "no checkpoint");
    runs = create();
    await(() -> runs.runs().size() == 1);
    RunViewModel broken = on(() -> runs.runs().getFirst());
    chooseOnly(1);
    RunViewModel fine = train(2).getLast();
    on(() -> {
      runs.resume(broken);
      return null;
    });
    await(() -> broken.state() == RunState.FAILED && fine.state() == RunState.DONE);
    String sentence = on(() -> messages.problemProperty().get());
    assertTrue(sentence.startsWith("Run 1 failed: "), sentence);
    assertEquals(1, sentence.lines().count());
    assertFalse(broken.problem().isEmpty());
  }

  @Test
  void whatDoesNotGoTogetherIsToldBeforeAnythingBegins() throws Exception {
    on(() -> {
      runs.form().taskProperty().set(Tasks.named("recall"));
      field(runs.form(), "window").textProperty().set("3");
      return null;
    });
    assertTrue(on(() -> runs.form().problemProperty().get()).contains("window"));
    on(() -> {
      runs.form().taskProperty().set(Tasks.named("parity"));
      runs.form().sizes().get(2).textProperty().set("5");
      return null;
    });
    assertEquals(
        "16 channels are not whole heads of 5.", on(() -> runs.form().problemProperty().get()));
    on(() -> {
      runs.train();
      return null;
    });
    assertFalse(Files.exists(folder.resolve("runs")));
  }

  @Test
  void everyTaskHasAFormWithoutProblems() throws Exception {
    for (var kind : Tasks.all()) {
      String problem =
          on(() -> {
            runs.form().taskProperty().set(kind);
            return runs.form().problemProperty().get();
          });
      assertEquals(
          kind.name().equals("text") ? "task text needs a file." : "", problem, kind.name());
    }
  }

  @Test
  void aCurveFromAFileIsResampledForEveryVersion() throws Exception {
    Path file = folder.resolve("mine.json");
    DecayFile.save(file, ModelPlan.of(Version.V4, 3, 64).officialDecays());
    on(() -> {
      runs.addCurve(file);
      return null;
    });
    await(() -> runs.form().initials().size() == 3);
    chooseOnly(2);
    int expected = 0;
    for (Version version : RunFormViewModel.VERSIONS) {
      on(() -> {
        runs.form().versionProperty().set(version);
        return null;
      });
      train(++expected);
    }
    await(() -> runs.runs().stream().allMatch(run -> run.state() == RunState.DONE));
    assertTrue(on(() -> runs.runs().getFirst().initialisation()).startsWith("mine.json"));
  }
}
