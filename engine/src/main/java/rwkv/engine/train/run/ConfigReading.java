package rwkv.engine.train.run;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.Version;
import rwkv.engine.train.TrainingPlan;
import rwkv.engine.train.TrainingPlan.Numbers;
import rwkv.engine.train.TrainingPlan.Trained;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.TaskKind;
import rwkv.engine.train.task.Tasks;

/** A configuration being read. */
record ConfigReading(ConfigNode root) {

  private static final int MOST = 1 << 20;
  private static final int WARM_UP = 10;
  private static final double RATE = 6e-4;
  private static final double WEIGHT_DECAY = 0.001;
  private static final double L2WRAP = 1e-4;
  private static final int CHECKPOINT = 500;
  private static final int MOST_THREADS = 1024;

  static final List<String> FIELDS =
      List.of(
          "name",
          "model",
          "from",
          "train",
          "task",
          "batch",
          "window",
          "steps",
          "tokens",
          "rate",
          "final_rate",
          "warm_up",
          "weight_decay",
          "betas",
          "eps",
          "clip",
          "l2wrap",
          "accumulation",
          "numbers",
          "save",
          "seed",
          "threads",
          "checkpoint",
          "keep",
          "out");

  TrainingConfig config(int threads) {
    root.allow(FIELDS);
    ConfigNode model = root.object("model");
    String from = root.text("from");
    if ((model == null) == (from == null)) {
      throw root.problem("expected one of the fields model and from");
    }
    ConfigNode task = root.object("task");
    if (task == null) {
      throw root.problem("field task is missing");
    }
    try {
      ModelChoice choice = model == null ? null : ModelChoice.read(model);
      String name = task.text("name");
      if (name == null) {
        throw root.problem("field task.name is missing");
      }
      TaskKind kind = Tasks.named(name);
      Sizes sizes =
          new Sizes(
              (int) root.whole("batch", 16, 1, MOST),
              (int) root.whole("window", 512, 1, MOST),
              root.whole("seed", 0, 0, Long.MAX_VALUE));
      int accumulation = (int) root.whole("accumulation", 1, 1, MOST);
      return new TrainingConfig(
          root.file(),
          modelName(),
          choice,
          from == null ? null : Path.of(from),
          kind,
          kind.choose(task.values("name")),
          sizes,
          plan(choice, sizes, accumulation),
          accumulation,
          root.choice("save", "bf16", "f32").equals("f32") ? Numbers.F32 : Numbers.BF16,
          (int) root.whole("threads", threads, 1, MOST_THREADS),
          root.whole("checkpoint", CHECKPOINT, 1, Long.MAX_VALUE),
          root.whole("keep", 0, 1, Long.MAX_VALUE),
          out());
    } catch (IllegalArgumentException e) {
      throw root.problem(String.valueOf(e.getMessage()));
    }
  }

  private String modelName() {
    String name = root.text("name");
    if (name == null) {
      return "model";
    }
    if (!name.matches("[\\w][\\w.-]{0,99}")) {
      throw root.expected("name", "letters, digits, dots and hyphens");
    }
    return name;
  }

  private @Nullable Path out() {
    String out = root.text("out");
    return out == null ? null : Path.of(out);
  }

  private TrainingPlan plan(@Nullable ModelChoice choice, Sizes sizes, int accumulation) {
    boolean old = choice != null && choice.plan().version() == Version.V4;
    double rate = root.real("rate", RATE);
    double[] betas = root.pair("betas", 0.9, 0.99);
    double clip = root.real("clip", 1);
    return new TrainingPlan(
        steps((long) sizes.sequences() * sizes.time() * accumulation),
        root.whole("warm_up", WARM_UP, 0, Long.MAX_VALUE),
        rate,
        root.real("final_rate", rate / 10),
        betas[0],
        betas[1],
        root.real("eps", old ? 1e-8 : 1e-18),
        root.real("weight_decay", WEIGHT_DECAY),
        clip == 0 ? Double.POSITIVE_INFINITY : clip,
        root.flag("l2wrap", true) ? L2WRAP : 0,
        root.choice("numbers", "f32", "bf16").equals("f32") ? Numbers.F32 : Numbers.BF16,
        root.choice("train", "all", "state").equals("all") ? Trained.ALL : Trained.STATE);
  }

  private long steps(long tokensOfStep) {
    if (root.has("steps") == root.has("tokens")) {
      throw root.problem("expected one of the fields steps and tokens");
    }
    long steps = root.whole("steps", 1, 1, Long.MAX_VALUE);
    long tokens = root.whole("tokens", 1, 1, Long.MAX_VALUE);
    return root.has("steps") ? steps : Math.ceilDiv(tokens, tokensOfStep);
  }
}
