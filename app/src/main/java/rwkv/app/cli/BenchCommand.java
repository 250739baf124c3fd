package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.bench.BenchPlan;
import rwkv.engine.bench.BenchResult;
import rwkv.engine.bench.ModelBench;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.bench.Startup;
import rwkv.engine.bench.Zeros;
import rwkv.engine.check.CheckPlan;
import rwkv.engine.check.DeviceCheck;
import rwkv.engine.check.Part;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;

/** {@code rwkv bench}: how fast a model is here, and how fast it could be. */
@Command(
    name = "bench",
    description = "Measures how fast a model reads and writes, and the memory that bounds it.",
    footer = {
      "",
      "One decoded token reads every weight once, so memory bandwidth bounds decoding. It is"
          + " measured in the same run, alternating with the model, with as many threads: the share"
          + " reached means something on any machine, a busy one too. Weights that fit a cache are"
          + " not bound by memory; their share is that of a region of their own size.",
      "",
      "The model is a file, or random weights of a published shape and any type, so anyone can"
          + " repeat a measurement. --table makes a table of several that were kept:",
      "  rwkv bench --random 0.4B --dtype q8_0 --json > bench/0.4B-q8_0.json",
      "  rwkv bench --table bench",
      "",
      "Examples:",
      "  rwkv bench model.pth",
      "  rwkv bench model.pth --prefill 512 --decode 128 --threads 4 --repeat 9 --json",
      "  rwkv bench --random 0.1B --dtype q4_0 --zeros 0.9",
      "  rwkv bench --training --threads 1",
      "  rwkv bench --floors 0.1B,1.5B --backend cuda",
      "  rwkv bench model.gguf --traces --busy --constant-cost 10000"
    })
final class BenchCommand implements Callable<Integer> {

  /** Enough to count zeros among some ten thousand activations. */
  private static final int ZERO_TOKENS = 16;

  @ParentCommand private RwkvCommand root;
  @Mixin private BenchModel model;
  @Mixin private ComputeOptions compute;
  @Mixin private BenchExtras extras;

  @Option(
      names = "--prefill",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens read in one go (default: ${DEFAULT-VALUE}).")
  private int prefill;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "Of them at a time (default: " + Session.DEFAULT_CHUNK + ").")
  private int chunk = Session.DEFAULT_CHUNK;

  @Option(
      names = "--decode",
      paramLabel = "N",
      defaultValue = "64",
      description = "Tokens made one by one (default: ${DEFAULT-VALUE}).")
  private int decode;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each is measured; medians are reported (default: ${DEFAULT-VALUE}).")
  private int repeat;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "Run unmeasured before, once at least (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(names = "--json", description = "Print JSON with every repeat.")
  private boolean json;

  @Option(
      names = "--table",
      paramLabel = "FOLDER",
      description =
          "Measure nothing; print what the .json files of this folder hold as a Markdown table.")
  private @Nullable Path table;

  @Option(
      names = "--training",
      description =
          "Measure training instead: small models of RWKV-4, 5, 6 and 7 at several sizes, without a"
              + " model file.")
  private boolean training;

  @Option(
      names = "--floors",
      paramLabel = "SHAPE",
      split = ",",
      description =
          "Measure random weights of these shapes instead, each time beside the least that the same"
              + " device can take: decoding 1, 32 and 256 sequences, a prompt of 2048 tokens, the"
              + " recurrence alone. Prints a Markdown table.")
  private @Nullable List<String> floors;

  @Override
  public Integer call() throws IOException {
    if (table != null) {
      BenchTable.print(table, root.out());
      return 0;
    }
    if (floors != null) {
      return floors(floors);
    }
    BenchPlan plan = BadInput.unless(() -> new BenchPlan(prefill, chunk, decode, repeat, warmUp));
    if (training) {
      BenchTraining.Report report = BenchTraining.measure(compute, warmUp, repeat);
      if (json) {
        Json.print(report, root.out());
      } else {
        BenchTraining.print(report, root.out());
      }
      return 0;
    }
    extras.check();
    String backend = compute.backend();
    int threads = compute.threads();
    BenchModel.Source source = model.source();
    long begin = System.nanoTime();
    try (Engine engine = compute.open(source.checkpoint(), backend)) {
      Startup startup = Startup.of(engine, begin, source.drawing());
      BenchResult result = ModelBench.run(engine, threads, plan);
      OptionalDouble zeros = Zeros.share(engine, ZERO_TOKENS);
      BenchReport report =
          BenchReport.of(
              engine,
              backend,
              threads,
              startup,
              plan,
              result,
              zeros.isPresent() ? (Double) zeros.getAsDouble() : null,
              extras.run(engine, plan));
      if (json) {
        Json.print(report, root.out());
      } else {
        BenchText.print(report, root.out());
      }
    }
    return 0;
  }

  private int floors(List<String> shapes) {
    shapes.forEach(shape -> BadInput.unless(() -> ModelShape.parse(shape)));
    Backend backend = Backends.installed().choose(compute.backend());
    CheckPlan plan =
        new CheckPlan(
            Set.of(Part.BENCH),
            List.of(),
            compute.threads(),
            false,
            shapes,
            0,
            "rwkv " + Build.version());
    return DeviceCheck.run(backend, plan, root.out()::println) == 0 ? 0 : 1;
  }
}
