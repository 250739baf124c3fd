package rwkv.app.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.run.ModelChoice;
import rwkv.engine.train.run.TrainingConfig;

/** A run as it is seen: what it is, how far it has come. */
public final class RunViewModel {

  private final RunFiles files;
  private final TrainingConfig config;
  private final ModelChoice model;
  private final String initialisation;
  private final DecayCurve start;
  private final RunHistory history;
  private final ReadOnlyObjectWrapper<RunState> state;
  private final ReadOnlyIntegerWrapper revision = new ReadOnlyIntegerWrapper();
  private final BooleanProperty shown = new SimpleBooleanProperty();
  private DecayCurve decays;
  private double seconds;
  private double speed = Double.NaN;
  private double accuracy;
  private String problem = "";
  private int slot = -1;
  private int company = 1;

  private RunViewModel(
      RunFiles files, TrainingConfig config, RunNote note, RunHistory history, double accuracy)
      throws IOException {
    this.files = files;
    this.config = config;
    this.model = Objects.requireNonNull(config.model(), "a model to be created");
    this.initialisation = note.initialisation();
    this.start = model.curve();
    this.decays = Files.exists(files.now()) ? DecayFile.load(files.now()).curve() : start;
    this.history = history;
    this.seconds = note.seconds();
    this.accuracy = accuracy;
    RunState ended =
        switch (note.ended()) {
          case "done" -> RunState.DONE;
          case "stopped" -> RunState.STOPPED;
          default -> RunState.PAUSED;
        };
    this.state = new ReadOnlyObjectWrapper<>(ended);
  }

  /**
   * A run as its files have it.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if they are damaged
   */
  static RunViewModel read(RunFiles files) throws IOException {
    TrainingConfig config = TrainingConfig.read(files.config(), 1);
    return new RunViewModel(
        files, config, RunNote.read(files.note()), RunHistory.read(files), accuracy(files));
  }

  private static double accuracy(RunFiles files) throws IOException {
    if (Files.exists(files.evaluation())) {
      for (String line : Files.readAllLines(files.evaluation())) {
        if (line.matches("all,.*,[0-9.]+")) {
          return Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
        }
      }
    }
    return Double.NaN;
  }

  RunFiles files() {
    return files;
  }

  /** Its number, from 1. */
  public int number() {
    return files.number();
  }

  /** As in {@code 12: recall, official}. */
  public String title() {
    return "%d: %s, %s".formatted(number(), config.task().name(), initialisation);
  }

  TrainingConfig config() {
    return config;
  }

  ModelChoice model() {
    return model;
  }

  /** What its decays began as. */
  public String initialisation() {
    return initialisation;
  }

  /** The model's file, whether it is there or not. */
  Path modelFile() {
    return files.folder().resolve(config.name() + ".pth");
  }

  Path vocabularyFile() {
    return files.folder().resolve(config.name() + ".vocab.txt");
  }

  /** The decays that it began with. */
  DecayCurve start() {
    return start;
  }

  /** The decays when they were last looked at. */
  DecayCurve decays() {
    return decays;
  }

  RunHistory history() {
    return history;
  }

  public ReadOnlyObjectProperty<RunState> stateProperty() {
    return state.getReadOnlyProperty();
  }

  public RunState state() {
    return state.get();
  }

  /** Changes with everything. */
  public ReadOnlyIntegerProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /** Whether it is in the pictures. */
  public BooleanProperty shownProperty() {
    return shown;
  }

  /** Steps taken. */
  public long steps() {
    return history.size();
  }

  /** Steps wanted. */
  public long planned() {
    return config.plan().steps();
  }

  /** Loss of every step, in nats. */
  public double[] losses() {
    double[] losses = new double[history.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = history.line(i).loss();
    }
    return losses;
  }

  double seconds() {
    return seconds;
  }

  /** Tokens a second during its turns; not a number if not known. */
  double speed() {
    return speed;
  }

  /** Time left, as in {@code 12:40}; empty if not known. */
  String left() {
    if (state.get() != RunState.RUNNING || steps() == 0) {
      return "";
    }
    long left = Math.round(seconds / steps() * (planned() - steps()) * company);
    return left >= 3600
        ? "%d:%02d:%02d".formatted(left / 3600, left / 60 % 60, left % 60)
        : "%d:%02d".formatted(left / 60, left % 60);
  }

  /** How many runs take turns. */
  void company(int active) {
    company = Math.max(1, active);
  }

  /** Of the answers that it was tested with, 0 to 1; not a number if it was not. */
  public double accuracy() {
    return accuracy;
  }

  /** Why it failed, or empty. */
  public String problem() {
    return problem;
  }

  /** Its colour, from 0; −1 for none. */
  int slot() {
    return slot;
  }

  void slot(int next) {
    slot = next;
  }

  void waiting() {
    problem = "";
    accuracy = Double.NaN;
    state.set(RunState.WAITING);
    changed();
  }

  void see(RunUpdate update) {
    update.lines().forEach(history::add);
    seconds = update.seconds();
    speed = update.speed();
    accuracy = update.accuracy();
    problem = update.problem();
    if (update.decays() != null) {
      decays = update.decays();
    }
    state.set(update.state());
    changed();
  }

  void changed() {
    revision.set(revision.get() + 1);
  }
}
