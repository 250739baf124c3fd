package rwkv.app.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.task.Texts;

/**
 * All runs: those that are going on and those of before. Used on the foreground thread; training
 * has a thread of its own, files are handled in the background.
 */
public final class RunsViewModel implements AutoCloseable {

  /** Runs in the pictures, at most: as many as there are colours. */
  public static final int MOST_SHOWN = 8;

  private final Path folder;
  private final Executor background;
  private final Executor foreground;
  private final Messages messages;
  private final Consumer<Path> opener;
  private final RunQueue queue;
  private final RunFormViewModel form;
  private final ObservableList<RunViewModel> runs = FXCollections.observableArrayList();
  private final ObjectProperty<@Nullable RunViewModel> chosen = new SimpleObjectProperty<>();
  private final IntegerProperty layer = new SimpleIntegerProperty();
  private final ReadOnlyIntegerWrapper revision = new ReadOnlyIntegerWrapper();

  /**
   * Finds the runs of before.
   *
   * @param lab the decays in the lab
   * @param folder where every run has a folder of its own; need not be there
   * @param texts for tasks of text
   * @param threads to train with
   * @param background for files
   * @param foreground where this and its listeners are used
   * @param opener opens a model's file in the workbench
   */
  public RunsViewModel(
      Supplier<DecayCurve> lab,
      Path folder,
      Texts texts,
      int threads,
      Executor background,
      Executor foreground,
      Messages messages,
      Consumer<Path> opener) {
    this.folder = folder;
    this.background = background;
    this.foreground = foreground;
    this.messages = messages;
    this.opener = opener;
    this.form = new RunFormViewModel(lab);
    this.queue = new RunQueue(threads, texts);
    background.execute(this::scan);
    chosen.subscribe(() -> {
      moveLayer(0);
      changed();
    });
    layer.subscribe((_, _) -> changed());
  }

  public RunFormViewModel form() {
    return form;
  }

  /** The newest first. */
  public ObservableList<RunViewModel> runs() {
    return runs;
  }

  /** The run whose layers are shown. */
  public ObjectProperty<@Nullable RunViewModel> chosenProperty() {
    return chosen;
  }

  /** The layer whose decays are shown. */
  public IntegerProperty layerProperty() {
    return layer;
  }

  /** Changes with everything that pictures show. */
  public ReadOnlyIntegerProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /** Goes to another layer of the chosen run. */
  public void moveLayer(int by) {
    RunViewModel run = chosen.get();
    if (run != null) {
      layer.set(Math.clamp(layer.get() + by, 0, run.start().shape().layers() - 1));
    }
  }

  /** Those in the pictures. */
  List<RunViewModel> shown() {
    return runs.stream().filter(run -> run.slot() >= 0).toList();
  }

  /** Begins a run for every chosen initialisation. */
  public void train() {
    if (!form.problemProperty().get().isEmpty()) {
      messages.news(form.problemProperty().get());
      return;
    }
    List<InitialChoice.Fitted> begin = new ArrayList<>();
    RunPlan plan = form.plan();
    for (InitialChoice choice : form.initials()) {
      if (choice.chosenProperty().get()) {
        begin.add(choice.fit(plan.model()));
      }
    }
    if (begin.isEmpty()) {
      messages.news("Choose what to begin with.");
    }
    background.execute(() -> begin.forEach(each -> create(plan, each)));
  }

  private void create(RunPlan plan, InitialChoice.Fitted begin) {
    try {
      RunFiles files = RunFiles.next(folder, plan.name());
      DecayFile.save(files.start(), begin.curve());
      new RunNote(begin.name(), 0, "").write(files.note());
      Files.writeString(files.config(), plan.json(files));
      RunViewModel run = RunViewModel.read(files);
      foreground.execute(() -> {
        add(run);
        chosen.set(run);
        resume(run);
      });
    } catch (IOException | RuntimeException e) {
      problem("No run could be made in " + folder + ": " + Sentence.of(e), e);
    }
  }

  private void scan() {
    try {
      for (RunFiles files : RunFiles.all(folder)) {
        try {
          RunViewModel run = RunViewModel.read(files);
          foreground.execute(() -> add(run));
        } catch (IOException | RuntimeException e) {
          String sentence = "Run %d was left out: %s".formatted(files.number(), Sentence.of(e));
          foreground.execute(() -> messages.news(sentence));
        }
      }
    } catch (IOException | RuntimeException e) {
      problem("The runs of before could not be found: " + Sentence.of(e), e);
    }
  }

  private void add(RunViewModel run) {
    runs.addFirst(run);
    run.revisionProperty().subscribe((_, _) -> changed());
    run.shownProperty().subscribe(isShown -> show(run, isShown));
    run.shownProperty().set(true);
    if (chosen.get() == null) {
      chosen.set(run);
    }
  }

  /** Gives a run a colour, of the oldest if need be, or takes it. */
  private void show(RunViewModel run, boolean isShown) {
    if (!isShown) {
      run.slot(-1);
    } else if (run.slot() < 0) {
      if (shown().size() == MOST_SHOWN) {
        shown().getLast().shownProperty().set(false);
      }
      List<Integer> taken = shown().stream().map(RunViewModel::slot).toList();
      run.slot(IntStream.range(0, MOST_SHOWN).filter(s -> !taken.contains(s)).min().orElse(-1));
    }
    run.changed();
  }

  private void changed() {
    revision.set(revision.get() + 1);
  }

  /** Saves the run and lets it rest. */
  public void pause(RunViewModel run) {
    if (run.state().isActive()) {
      queue.pause(run.files());
    }
  }

  /** Goes on with a run; the numbers are those that it would have given without a break. */
  public void resume(RunViewModel run) {
    if (!run.state().isActive() && run.state() != RunState.DONE) {
      run.waiting();
      queue.go(run.files(), update -> tell(run, update));
    }
  }

  /** Ends a run before its last step, and tests the model as it is then. */
  public void stop(RunViewModel run) {
    if (run.state().isActive() || run.state() == RunState.PAUSED) {
      queue.stop(run.files(), update -> tell(run, update));
    }
  }

  private void tell(RunViewModel run, RunUpdate update) {
    foreground.execute(() -> {
      run.company((int) runs.stream().filter(each -> each.state().isActive()).count());
      run.see(update);
      if (update.state() == RunState.FAILED) {
        messages.problem("Run %d failed: %s".formatted(run.number(), update.problem()), null);
      }
    });
  }

  /** Saves the model as it is now and opens it in the workbench. */
  public void open(RunViewModel run) {
    saved(run, model -> foreground.execute(() -> opener.accept(model)));
  }

  /** Saves the model as it is now, and a copy of it and its vocabulary elsewhere. */
  public void keep(RunViewModel run, Path file) {
    String name = String.valueOf(file.getFileName()).replaceAll("\\.pth$", "");
    saved(
        run,
        model -> {
          Files.copy(model, file, StandardCopyOption.REPLACE_EXISTING);
          Files.copy(
              run.vocabularyFile(),
              file.resolveSibling(name + ".vocab.txt"),
              StandardCopyOption.REPLACE_EXISTING);
          foreground.execute(() -> messages.news("Kept " + file + "."));
        });
  }

  private interface Using {
    void file(Path model) throws IOException;
  }

  private void saved(RunViewModel run, Using using) {
    queue.save(
        run.files(),
        () ->
            background.execute(() -> {
              if (!Files.exists(run.modelFile())) {
                problem("Run %d has no model yet; resume it first.".formatted(run.number()), null);
                return;
              }
              try {
                using.file(run.modelFile());
              } catch (IOException | RuntimeException e) {
                problem("The model could not be kept: " + Sentence.of(e), e);
              }
            }));
  }

  /** Removes a run that is not going on, with all its files. */
  public void delete(RunViewModel run) {
    if (run.state().isActive()) {
      messages.news("Pause or stop run %d first.".formatted(run.number()));
      return;
    }
    run.shownProperty().set(false);
    runs.remove(run);
    if (chosen.get() == run) {
      chosen.set(runs.isEmpty() ? null : runs.getFirst());
    }
    changed();
    background.execute(() -> {
      try {
        run.files().delete();
      } catch (IOException e) {
        problem("Not all files of a run could be deleted: " + Sentence.of(e), e);
      }
    });
  }

  /** Adds the decays of a file to what runs may begin with. */
  public void addCurve(Path file) {
    background.execute(() -> {
      try {
        DecayCurve curve = DecayFile.load(file).curve();
        foreground.execute(() -> form.add(String.valueOf(file.getFileName()), curve));
      } catch (RuntimeException e) {
        problem(Sentence.of(e), e);
      }
    });
  }

  private void problem(String sentence, @Nullable Exception cause) {
    foreground.execute(() -> messages.problem(sentence, cause));
  }

  /** Saves all runs that are going on and ends the training thread. */
  @Override
  public void close() {
    queue.close();
  }
}
