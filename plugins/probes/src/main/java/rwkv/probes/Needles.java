package rwkv.probes;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import rwkv.engine.trace.Trace;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** A run of {@link NeedleProbe}. */
final class Needles {

  private static final double FOUND = 0.9;

  private final ProbeContext context;
  private final Findings findings;
  private final Memory memory;
  private final Haystack haystack;
  private final int trials;
  private final Rows needles;
  private final Rows layers;
  private final float[] with;
  private final float[] without;

  Needles(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.memory = new Memory(context.model().spec());
    this.haystack = new Haystack(context);
    this.trials = context.parameters().whole("trials");
    this.with = new float[memory.count()];
    this.without = new float[memory.count()];
    this.needles =
        findings.table(
            "needles",
            TableColumn.whole("length"),
            TableColumn.real("depth"),
            TableColumn.real("accuracy"),
            TableColumn.real("loss (nats)"),
            TableColumn.real("trace"),
            TableColumn.whole("trials"));
    this.layers =
        findings.table(
            "layers",
            TableColumn.whole("length"),
            TableColumn.real("depth"),
            TableColumn.whole("layer"),
            TableColumn.real("trace"));
    map("Recalled", "accuracy");
    map("Left in the state", "trace");
  }

  private void map(String title, String column) {
    findings.chart(
        new Chart.HeatMap(
            title,
            "needles",
            new Axis("length", "length (tokens)", false),
            Axis.of("depth"),
            Axis.of(column),
            Chart.Colors.SEQUENTIAL));
  }

  ProbeResult run() {
    List<Integer> lengths =
        context.parameters().wholes("lengths").stream().sorted().distinct().toList();
    List<Double> depths =
        context.parameters().reals("depths").stream().sorted().distinct().toList();
    Span whole = new Span(context.progress(), 0, 1);
    double tokens = lengths.stream().mapToInt(Integer::intValue).sum() * (double) depths.size();
    double done = 0;
    double sum = 0;
    int longest = 0;
    for (int length : lengths) {
      boolean isFound = true;
      for (double depth : depths) {
        Span part = new Span(whole, done / tokens, (done + length) / tokens);
        double accuracy = measure(length, depth, part);
        isFound &= accuracy >= FOUND;
        sum += accuracy / depths.size() / lengths.size();
        done += length;
      }
      longest = isFound ? length : longest;
    }
    context.progress().at(1);
    findings.figure("recalled", sum);
    findings.figure("longest text recalled from", longest);
    String share = String.format(Locale.ROOT, "It recalls %.0f %% of the needles", 100 * sum);
    return findings.result(
        longest == 0
            ? share + ", and at no length those at all depths."
            : share + ", from texts of %d tokens at every depth.".formatted(longest));
  }

  private double measure(int length, double depth, Span span) {
    RandomGenerator random = context.random("needles %d %s".formatted(length, depth));
    double[] traces = new double[memory.layers()];
    double[] loss = new double[1];
    int found = 0;
    for (int trial = 0; trial < trials; trial++) {
      Haystack.Straw straw = haystack.draw(random, length, depth);
      Span part = span.part(trial, trials);
      Passes passes = new Passes(context.model(), 2);
      int[][] both = {straw.with(), straw.without()};
      passes.read(both, 0, straw.question(), Trace.OFF, new Span(part, 0, 0.8));
      for (int layer = 0; layer < traces.length; layer++) {
        memory.read(passes.state(), 0, layer, with);
        memory.read(passes.state(), 1, layer, without);
        traces[layer] += trace() / trials;
      }
      found += isRecalled(passes, both, straw, loss, new Span(part, 0.8, 1)) ? 1 : 0;
    }
    double mean = 0;
    for (int layer = 0; layer < traces.length; layer++) {
      layers.add(length, depth, layer, traces[layer]);
      mean += traces[layer] / traces.length;
    }
    double accuracy = (double) found / trials;
    needles.add(length, depth, accuracy, loss[0] / trials, mean, trials);
    return accuracy;
  }

  /** Adds −ln p of the answer to {@code loss}. */
  private boolean isRecalled(
      Passes passes, int[][] both, Haystack.Straw straw, double[] loss, Span span) {
    int[] wrong = new int[1];
    passes.read(
        both,
        straw.question(),
        straw.with().length - 1,
        Trace.OFF,
        (sequence, token, logits) -> {
          if (sequence == 0 && token + 1 >= straw.answer()) {
            int wanted = straw.with()[token + 1];
            loss[0] += Logits.loss(logits, wanted);
            wrong[0] += Logits.likeliest(logits) == wanted ? 0 : 1;
          }
        },
        span);
    return wrong[0] == 0;
  }

  /** ‖S − S′‖ / ‖S‖, the mean over heads. */
  private double trace() {
    int panel = memory.rows() * memory.columns();
    double mean = 0;
    for (int head = 0; head < memory.heads(); head++) {
      double change = 0;
      double size = 0;
      for (int i = head * panel; i < (head + 1) * panel; i++) {
        double d = (double) with[i] - without[i];
        change += d * d;
        size += (double) with[i] * with[i];
      }
      mean += size == 0 ? 0 : Math.sqrt(change / size) / memory.heads();
    }
    return mean;
  }
}
