package rwkv.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.train.StepReport;
import rwkv.engine.train.run.Evaluation;
import rwkv.engine.train.run.TrainingConfig;
import rwkv.engine.train.run.TrainingRun;

/** {@code rwkv train}: trains a model from a configuration. */
@Command(
    name = "train",
    description = {
      "Trains a model as a configuration says, and writes into its folder: config.json with all",
      "settings, loss.csv, checkpoint.safetensors to go on from, and in the end the model, its",
      "vocabulary and evaluation.csv, how good it is at what it was never shown."
    },
    footer = {
      "",
      "A training that was stopped (ctrl-C) or killed goes on from its last checkpoint with"
          + " --resume, and gives the numbers that it would have given without a break.",
      "CONFIG is JSON. One of model (version, layers, embd, head_size, ffn, ranks, vocabulary,"
          + " decay: a formula as in rwkv init or a .json file) and from (a checkpoint); task (name"
          + " and settings); one of steps and tokens; out. The rest is as the official trainers"
          + " have it unless it is there: batch, window, rate, final_rate, warm_up, weight_decay,"
          + " betas, eps, clip, l2wrap, accumulation, numbers (f32, bf16), train (all, state),"
          + " seed, threads, checkpoint and keep (steps), save (bf16, f32), name.",
      "",
      "Examples:",
      "  rwkv train --tasks",
      "  rwkv train parity.json --out parity-v7",
      "  rwkv train parity.json --out parity-v7 --resume",
      "  rwkv train parity.json --evaluate parity-v7/model.pth",
      "",
      "A small parity.json:",
      "  {\"model\": {\"version\": \"7\", \"layers\": 2, \"embd\": 32, \"head_size\": 16},",
      "   \"task\": {\"name\": \"parity\"}, \"batch\": 32, \"window\": 32, \"steps\": 2000,"
          + " \"rate\": 2e-3}"
    })
final class TrainCommand implements Callable<Integer> {

  private static final int CANCELLED = 1;
  private static final int MOST_THREADS = 1024;
  private static final long SHOWN_EVERY_NANOS = 200_000_000;

  @ParentCommand private RwkvCommand root;

  @Parameters(arity = "0..1", paramLabel = "CONFIG", description = "The configuration, JSON.")
  private @Nullable Path file;

  @Option(names = "--tasks", description = "List the tasks and their settings.")
  private boolean tasks;

  @Option(
      names = "--resume",
      description = "Go on from the folder's last checkpoint, if there is one.")
  private boolean resume;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder to write (default: what CONFIG says).")
  private @Nullable Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default: what CONFIG says, else one for every processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--evaluate",
      paramLabel = "MODEL",
      description = "Train nothing: how good is this model at the task?")
  private @Nullable Path evaluated;

  @Override
  public Integer call() {
    if (tasks) {
      TaskList.print(root.out());
      return 0;
    }
    if (file == null) {
      throw new BadInput("name a CONFIG, or list the tasks with --tasks");
    }
    TrainingConfig config = config(file);
    try (TerminalProgress progress = new TerminalProgress(root)) {
      if (evaluated != null) {
        Evaluation result =
            TrainingRun.evaluate(
                evaluated, TrainingRun.task(config, new TextFiles()), config.threads(), progress);
        progress.close();
        print(result);
        return 0;
      }
      return train(config, progress);
    } catch (CancellationException e) {
      root.note("cancelled");
      return CANCELLED;
    }
  }

  private TrainingConfig config(Path from) {
    Integer wanted = threads;
    if (wanted != null && (wanted < 1 || wanted > MOST_THREADS)) {
      throw new BadInput("--threads is " + wanted + ", it must be from 1 to " + MOST_THREADS);
    }
    TrainingConfig config = TrainingConfig.read(from, Engine.defaultThreads());
    return config.with(
        out == null ? config.out() : out, wanted == null ? config.threads() : wanted);
  }

  private int train(TrainingConfig config, TerminalProgress progress) {
    try (TrainingRun run = TrainingRun.open(config, resume, new TextFiles(), Progress.NONE)) {
      if (!steps(run, progress)) {
        run.checkpoint();
        progress.close();
        root.note(
            "stopped after step %d of %d; go on with --resume"
                .formatted(run.trainer().steps(), config.plan().steps()));
        return CANCELLED;
      }
      Path model = run.save();
      Evaluation result = run.evaluate(progress);
      progress.close();
      root.out().println(model + ": " + summary(run));
      print(result);
      return 0;
    }
  }

  /** Takes the steps that are left; false if it was ended before. */
  private static boolean steps(TrainingRun run, TerminalProgress progress) {
    TrainingMeter meter =
        new TrainingMeter(
            run.config().plan().steps(), run.trainer().steps(), run.trainer().tokens());
    run.losses().forEach(meter::add);
    long shown = 0;
    try {
      while (!run.isDone()) {
        progress.check();
        StepReport report = run.step();
        meter.add(report.loss());
        boolean saved = report.step() % run.config().checkpoint() == 0;
        if (System.nanoTime() - shown > SHOWN_EVERY_NANOS || saved) {
          progress.show(meter.line(report), saved);
          shown = System.nanoTime();
        }
      }
      return true;
    } catch (CancellationException e) {
      return false;
    }
  }

  private static String summary(TrainingRun run) {
    return String.format(
        Locale.ROOT,
        "%,d steps, %,d tokens of task %s",
        run.trainer().steps(),
        run.trainer().tokens(),
        run.task().name());
  }

  private void print(Evaluation result) {
    root.out()
        .printf(
            Locale.ROOT,
            "held out: loss %.4f nats for each of %d targets%n%n",
            result.loss(),
            result.targets());
    root.out().printf(Locale.ROOT, "%-32s  %8s  %8s%n", "answers", "right", "of");
    print("all", result.total());
    result.groups().forEach(this::print);
  }

  private void print(String group, Evaluation.Score score) {
    root.out()
        .printf(Locale.ROOT, "%-32s  %6.1f %%  %8d%n", group, 100 * score.accuracy(), score.of());
  }
}
