package rwkv.app.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.Progress;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.DecayShape;
import rwkv.engine.train.StepReport;
import rwkv.engine.train.run.ModelChoice;
import rwkv.engine.train.run.TrainingConfig;
import rwkv.engine.train.run.TrainingRun;
import rwkv.engine.train.task.Texts;

/** A run in the hands of the training thread, which alone may call it. */
final class ActiveRun {

  private static final long TURN_NANOS = 150_000_000;

  /** From one look at the decays to the next, and of the time at most this share. */
  private static final long LOOK_NANOS = 400_000_000;

  private static final int LOOK_SHARE = 20;

  private final RunFiles files;
  private final int threads;
  private final Texts texts;
  private final Progress progress;
  private final Consumer<RunUpdate> told;
  private RunNote note;
  private @Nullable Opened opened;
  private long lookAt;

  /** What there is of it once it has had its first turn. */
  private record Opened(TrainingRun run, DecayShape shape, LayerLog layers) {}

  /**
   * @param progress ends what takes long, by an exception
   * @param told what happens
   */
  ActiveRun(RunFiles files, int threads, Texts texts, Progress progress, Consumer<RunUpdate> told) {
    this.files = files;
    this.threads = threads;
    this.texts = texts;
    this.progress = progress;
    this.told = told;
    this.note = RunNote.read(files.note());
  }

  RunFiles files() {
    return files;
  }

  /**
   * Takes steps for a while.
   *
   * @param hurry whether to return after the present step
   * @return whether there is more to do
   */
  boolean turn(BooleanSupplier hurry) throws IOException {
    Opened now = open();
    List<StepLine> lines = new ArrayList<>();
    long begin = System.nanoTime();
    long tokens = now.run.trainer().tokens();
    long end = begin;
    while (!now.run.isDone()
        && end - begin < TURN_NANOS
        && (lines.isEmpty() || !hurry.getAsBoolean())) {
      StepReport report = now.run.step();
      lines.add(StepLine.of(report, now.shape.layers()));
      end = System.nanoTime();
    }
    now.layers.add(lines);
    double seconds = (end - begin) / 1e9;
    spent(seconds, "");
    double speed = (now.run.trainer().tokens() - tokens) / Math.max(1e-9, seconds);
    tell(RunState.RUNNING, lines, lines.isEmpty() ? Double.NaN : speed, look(now, end));
    if (now.run.isDone()) {
      end(RunState.DONE);
      return false;
    }
    return true;
  }

  /** Saves the model and what it takes to go on. */
  Path save() throws IOException {
    Opened now = open();
    Path model = now.run.save();
    DecayFile.save(files.now(), decays(now));
    note.write(files.note());
    return model;
  }

  /** Saves, and lets go of it. */
  void pause() throws IOException {
    if (opened != null) {
      DecayCurve decays = decays(opened);
      save();
      close();
      tell(RunState.PAUSED, List.of(), Double.NaN, decays);
    } else {
      tell(RunState.PAUSED, List.of(), Double.NaN, null);
    }
  }

  /** Saves, tests the model, and lets go of it. */
  void end(RunState how) throws IOException {
    Opened now = open();
    save();
    tell(RunState.TESTING, List.of(), Double.NaN, decays(now));
    long begin = System.nanoTime();
    double accuracy = now.run.evaluate(progress).total().accuracy();
    spent((System.nanoTime() - begin) / 1e9, how == RunState.DONE ? "done" : "stopped");
    note.write(files.note());
    close();
    told.accept(new RunUpdate(how, List.of(), note.seconds(), Double.NaN, null, accuracy, ""));
  }

  /** Lets go of it, as it is; where it cannot go on, {@code sentence} says why. */
  void fail(String sentence) {
    try {
      close();
    } catch (IOException | UncheckedIOException e) {
      // The reason that counts is the first one.
    }
    told.accept(
        new RunUpdate(
            RunState.FAILED, List.of(), note.seconds(), Double.NaN, null, Double.NaN, sentence));
  }

  private void close() throws IOException {
    Opened now = opened;
    opened = null;
    if (now != null) {
      try (now.layers) {
        now.run.close();
      }
    }
  }

  private Opened open() throws IOException {
    Opened there = opened;
    if (there != null) {
      return there;
    }
    Path folder = files.folder().toAbsolutePath();
    TrainingConfig config = TrainingConfig.read(files.config(), threads).with(folder, threads);
    ModelChoice model = Objects.requireNonNull(config.model(), "a model to be created");
    TrainingRun run = TrainingRun.open(config, true, texts, progress);
    try {
      LayerLog layers = new LayerLog(files.layers(), run.trainer().steps());
      Opened made = new Opened(run, model.plan().decays(), layers);
      opened = made;
      return made;
    } finally {
      if (opened == null) {
        run.close();
      }
    }
  }

  private @Nullable DecayCurve look(Opened now, long time) {
    if (time < lookAt) {
      return null;
    }
    DecayCurve decays = decays(now);
    long took = System.nanoTime() - time;
    lookAt = time + Math.max(LOOK_NANOS, LOOK_SHARE * took);
    return decays;
  }

  private static DecayCurve decays(Opened now) {
    return DecayReader.read(now.run.trainer().tensors(), now.shape);
  }

  private void spent(double seconds, String ended) {
    note = new RunNote(note.initialisation(), note.seconds() + seconds, ended);
  }

  private void tell(
      RunState state, List<StepLine> lines, double speed, @Nullable DecayCurve decays) {
    told.accept(new RunUpdate(state, lines, note.seconds(), speed, decays, Double.NaN, ""));
  }
}
