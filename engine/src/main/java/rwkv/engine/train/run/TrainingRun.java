package rwkv.engine.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.PthWriter;
import rwkv.engine.checkpoint.TensorSource;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.StepReport;
import rwkv.engine.train.Trainer;
import rwkv.engine.train.TrainingPlan.Numbers;
import rwkv.engine.train.TrainingPlan.Trained;
import rwkv.engine.train.task.Batch;
import rwkv.engine.train.task.Task;
import rwkv.engine.train.task.Texts;

/**
 * A training in a folder. It may be stopped or killed at any moment; opened again it goes on from
 * its last checkpoint, and gives the numbers that it would have given without a break.
 *
 * <p>The folder holds {@code config.json}, {@code loss.csv}, {@code checkpoint.safetensors}, and in
 * the end the model, its vocabulary and {@code evaluation.csv}.
 */
public final class TrainingRun implements AutoCloseable {

  private static final String BACKEND = "cpu";

  private final TrainingConfig config;
  private final RunFolder folder;
  private final Task task;
  private final Kernels kernels;
  private final Trainer trainer;
  private final LossLog log;

  private TrainingRun(
      TrainingConfig config,
      RunFolder folder,
      Task task,
      Kernels kernels,
      Trainer trainer,
      LossLog log) {
    this.config = config;
    this.folder = folder;
    this.task = task;
    this.kernels = kernels;
    this.trainer = trainer;
    this.log = log;
  }

  /**
   * Begins a training, or goes on with the one in the folder.
   *
   * @param resume whether to go on, where there is something to go on with
   * @param texts for tasks of text
   * @throws CheckpointException in one sentence, if the configuration does not fit the task, the
   *     model or the folder, or a file cannot be read or written
   */
  public static TrainingRun open(
      TrainingConfig config, boolean resume, Texts texts, Progress progress) {
    Task task = task(config, texts);
    RunFolder folder = RunFolder.of(config);
    folder.check(config, resume);
    Kernels kernels = Backends.installed().choose(BACKEND).open(config.threads());
    boolean opened = false;
    try {
      Trainer trainer =
          Files.exists(folder.checkpoint())
              ? Trainer.resume(folder.checkpoint(), kernels)
              : Trainer.start(config.plan(), first(config, task, progress), kernels);
      LossLog log = new LossLog(folder.losses(), trainer.steps());
      RunFolder.write(folder.config(), config.json());
      task.vocabulary().write(folder.vocabulary());
      opened = true;
      return new TrainingRun(config, folder, task, kernels, trainer, log);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(config.file(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CheckpointException(folder.path(), "cannot be written: " + e, e);
    } finally {
      if (!opened) {
        kernels.close();
      }
    }
  }

  /**
   * The task of a configuration.
   *
   * @throws CheckpointException in one sentence, if its settings do not go together
   */
  public static Task task(TrainingConfig config, Texts texts) {
    try {
      return config.task().make(config.choices(), config.sizes(), texts);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(config.file(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The parameters to begin with, in memory. */
  private static Map<String, Tensor> first(TrainingConfig config, Task task, Progress progress) {
    ModelChoice model = config.model();
    Path from = config.from();
    int tokens = task.vocabulary().size();
    if (model != null) {
      return new Initialiser(model.planFor(tokens), model.curve(), config.sizes().seed())
          .tensors(progress);
    }
    if (from == null) {
      throw new IllegalArgumentException("there is no model to begin with");
    }
    try (Checkpoint file = Checkpoints.open(from)) {
      Map<String, Tensor> copies = new LinkedHashMap<>();
      file.tensors()
          .forEach((name, tensor) ->
              copies.put(name, Tensor.of(name, tensor.shape(), tensor.toFloats())));
      Tensor embedding = copies.get("emb.weight");
      if (embedding != null && embedding.shape().size(0) < tokens) {
        throw new CheckpointException(
            from,
            "has %d tokens, but task %s has %d"
                .formatted(embedding.shape().size(0), task.name(), tokens));
      }
      return copies;
    }
  }

  public TrainingConfig config() {
    return config;
  }

  public Task task() {
    return task;
  }

  /** What is trained, to be looked at between steps. */
  public Trainer trainer() {
    return trainer;
  }

  /** Whether all steps have been taken. */
  public boolean isDone() {
    return trainer.steps() >= config.plan().steps();
  }

  /** The losses of the steps taken so far, those of earlier sittings among them. */
  public List<Double> losses() {
    try {
      return LossLog.losses(folder.losses());
    } catch (IOException e) {
      throw new CheckpointException(folder.losses(), "cannot be read: " + e, e);
    }
  }

  /** Takes a step, and saves where it is time. */
  public StepReport step() {
    Batch[] batches = new Batch[config.accumulation()];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = task.batch(trainer.steps() * batches.length + i);
    }
    StepReport report = trainer.step(batches);
    log.add(report);
    if (config.keep() > 0 && report.step() % config.keep() == 0) {
      save(folder.model(report.step()));
    }
    if (report.step() % config.checkpoint() == 0) {
      checkpoint();
    }
    return report;
  }

  /** Saves all that it takes to go on from here. */
  public void checkpoint() {
    trainer.save(folder.checkpoint());
  }

  /** Saves the checkpoint and the model, or the state where that is what was trained. */
  public Path save() {
    checkpoint();
    boolean all = config.plan().trained() == Trained.ALL;
    Path file = all ? folder.model() : folder.state();
    save(file);
    return file;
  }

  private void save(Path file) {
    Collection<Tensor> tensors =
        config.plan().trained() == Trained.ALL
            ? trainer.tensors().values()
            : TunedState.tensors(trainer.model().spec(), trainer.initial());
    DType dtype = config.saved() == Numbers.F32 ? DType.F32 : DType.BF16;
    List<TensorSource> sources = new ArrayList<>();
    for (Tensor tensor : tensors) {
      sources.add(TensorSource.of(Stored.as(dtype, tensor)));
    }
    PthWriter.writeSources(file, sources, Map.of());
  }

  /**
   * Asks the model, as its file has it, what it was never shown, and writes {@code evaluation.csv}.
   */
  public Evaluation evaluate(Progress progress) {
    Evaluation result;
    if (config.plan().trained() == Trained.STATE) {
      result = Evaluation.of(trainer.model(), trainer.initial(), task.heldOut(), progress);
    } else {
      result = evaluate(folder.model(), task, config.threads(), progress);
    }
    RunFolder.write(folder.evaluation(), result.csv());
    return result;
  }

  /** Asks a model in a file. */
  public static Evaluation evaluate(Path file, Task task, int threads, Progress progress) {
    try (Checkpoint checkpoint = Checkpoints.open(file);
        Kernels kernels = Backends.installed().choose(BACKEND).open(threads)) {
      Rwkv model = Rwkv.load(checkpoint, kernels, Progress.NONE);
      StateSnapshot before = model.initial();
      return Evaluation.of(model, before, task.heldOut(), progress);
    }
  }

  @Override
  public void close() {
    log.close();
    kernels.close();
  }
}
