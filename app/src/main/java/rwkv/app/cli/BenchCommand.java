package rwkv.app.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.app.theme.Sizes;
import rwkv.engine.bench.BenchPlan;
import rwkv.engine.bench.BenchResult;
import rwkv.engine.bench.ModelBench;
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
      "Examples:",
      "  rwkv bench model.pth",
      "  rwkv bench model.pth --prefill 512 --decode 128 --threads 4 --repeat 9 --json"
    })
final class BenchCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;

  @Option(
      names = "--prefill",
      paramLabel = "N",
      defaultValue = "256",
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

  @Override
  public Integer call() {
    BenchPlan plan = BadInput.unless(() -> new BenchPlan(prefill, chunk, decode, repeat, warmUp));
    long begin = System.nanoTime();
    try (Engine engine = model.open()) {
      double loadSeconds = (System.nanoTime() - begin) * 1e-9;
      BenchResult result = ModelBench.run(engine, model.threads(), plan);
      BenchReport report =
          BenchReport.of(engine, model.backend(), model.threads(), loadSeconds, plan, result);
      if (json) {
        Json.print(report, root.out());
      } else {
        print(report, root.out());
      }
    }
    return 0;
  }

  private static void print(BenchReport r, PrintStream out) {
    Lines lines = new Lines(out);
    lines.add(
        "model", "%s (%s, %s, %s)", r.model(), r.version(), Sizes.count(r.parameters()), r.dtype());
    lines.add("device", "%s (%s)", r.device(), r.backend());
    lines.add("load", "%.2f s", r.loadSeconds());
    lines.add(
        "prefill",
        "%.1f tok/s, %d tokens, %d at a time (%s)",
        r.prefill().tokensPerSecond(),
        r.prefill().tokens(),
        r.prefill().chunk(),
        list(r.prefill().repeats(), 1));
    lines.add(
        "decode",
        "%.1f tok/s, %d tokens (%s)",
        r.decode().tokensPerSecond(),
        r.decode().tokens(),
        list(r.decode().repeats(), 1));
    lines.add("weights per token", "%s", Sizes.bytes(r.weightBytesPerToken()));
    memory(lines, "memory", r.memory());
    lines.add(
        "dense ceiling",
        "%.1f tok/s from memory; reached %.0f %%",
        r.ceilingTokensPerSecond(),
        100 * r.shareOfCeiling());
    memory(lines, "model-sized memory", r.modelSized());
    lines.add(
        "its ceiling",
        "%.1f tok/s; reached %.0f %%",
        r.modelSizedCeilingTokensPerSecond(),
        100 * r.shareOfModelSizedCeiling());
    if (r.weightsFitCache()) {
      lines.add(
          "note", "the weights fit this machine's caches: the second ceiling is the real one");
    }
    if (r.peakResidentBytes() != null) {
      lines.add("peak resident", "%s", Sizes.bytes(r.peakResidentBytes()));
    }
  }

  private static void memory(Lines lines, String name, BenchReport.Memory memory) {
    lines.add(
        name,
        "%.2f GB/s read from %s (%s)",
        memory.bytesPerSecond() * 1e-9,
        Sizes.bytes(memory.regionBytes()),
        list(memory.repeats(), 1e-9));
  }

  private static String list(List<Double> values, double unit) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, unit == 1 ? "%.1f" : "%.2f", value * unit))
        .collect(Collectors.joining(" "));
  }
}
