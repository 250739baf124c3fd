package rwkv.probes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import rwkv.engine.analysis.Quantiles;
import rwkv.engine.model.Rwkv;
import rwkv.engine.session.Engine;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.CheckpointDecays;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** A run of {@link DecaySweepProbe}. */
final class DecaySweep {

  private final ProbeContext context;
  private final Findings findings;
  private final List<Integer> distances;
  private final int run;
  private final Rows losses;
  private final Rows recall;
  private int[][] windows = {};
  private double leastLoss = Double.POSITIVE_INFINITY;
  private double leastFactor;
  private double bestGain = Double.NEGATIVE_INFINITY;
  private double gainFactor;

  DecaySweep(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.distances = context.parameters().wholes("distances");
    this.run = context.parameters().whole("run");
    losses =
        findings.table(
            "loss",
            TableColumn.real("factor"),
            TableColumn.real("loss (nats)"),
            TableColumn.real("median half-life (tokens)"),
            TableColumn.whole("clamped"));
    recall =
        findings.table(
            "recall",
            TableColumn.real("factor"),
            TableColumn.whole("distance"),
            TableColumn.real("accuracy"),
            TableColumn.real("recall loss (nats)"),
            TableColumn.real("gain (nats)"),
            TableColumn.whole("predictions"));
    Axis factor = new Axis("factor", "half-lives, times", true);
    line("Loss against the half-lives", "loss", factor, "loss (nats)", false);
    line("Recall against the half-lives", "recall", factor, "accuracy", true);
    line("What the first coming is worth", "recall", factor, "gain (nats)", true);
  }

  private void line(String title, String table, Axis x, String y, boolean byDistance) {
    findings.chart(new Chart.Lines(title, table, x, Axis.of(y), byDistance ? "distance" : null));
  }

  ProbeResult run() {
    for (int distance : distances) {
      if (distance < run) {
        throw new ProbeException(
            "a distance of %d tokens for a run of %d; it must be at least as long"
                .formatted(distance, run));
      }
    }
    Span whole = new Span(context.progress(), 0, 1);
    windows =
        ProbeText.windows(
            context,
            context.parameters().whole("windows"),
            context.parameters().whole("length"),
            new Span(whole, 0, 0.2));
    DecayCurve own =
        CheckpointDecays.read(context.checkpoint(), DecayShape.of(context.model().spec()));
    double[] factors =
        context.parameters().reals("factors").stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .distinct()
            .toArray();
    Span rest = new Span(whole, 0.2, 1);
    for (int i = 0; i < factors.length; i++) {
      measure(own, factors[i], rest.part(i, factors.length));
    }
    context.progress().at(1);
    return result();
  }

  private void measure(DecayCurve own, double factor, Span span) {
    DecayFactors.Scaled scaled = DecayFactors.Scaled.of(own, factor);
    double[] halfLives =
        IntStream.range(0, own.shape().layers())
            .mapToObj(scaled.curve()::halfLives)
            .flatMapToDouble(Arrays::stream)
            .toArray();
    try (Engine other =
        context.open(
            CheckpointDecays.replaced(new Borrowed(context.checkpoint()), scaled.curve()))) {
      double loss = loss(other.model(), new Span(span, 0, 0.4));
      losses.add(factor, loss, Quantiles.of(halfLives, 0.5), scaled.clamped());
      if (loss < leastLoss) {
        leastLoss = loss;
        leastFactor = factor;
      }
      Span rest = new Span(span, 0.4, 1);
      double gain = 0;
      for (int i = 0; i < distances.size(); i++) {
        Span part = rest.part(i, distances.size());
        gain += recall(other.model(), factor, distances.get(i), part) / distances.size();
      }
      if (gain > bestGain) {
        bestGain = gain;
        gainFactor = factor;
      }
      if (factor == 1) {
        findings.figure("loss of the model as it is (nats)", loss);
        findings.figure("gain of the model as it is (nats)", gain);
      }
    }
  }

  private double loss(Rwkv model, Span span) {
    int length = windows[0].length;
    double[] sum = new double[1];
    new Passes(model, windows.length)
        .read(
            windows,
            0,
            length - 1,
            Trace.OFF,
            (w, token, logits) -> sum[0] += Logits.loss(logits, windows[w][token + 1]),
            span);
    return sum[0] / ((length - 1.0) * windows.length);
  }

  /** Gives the gain. */
  private double recall(Rwkv model, double factor, int distance, Span span) {
    RepeatedRuns runs =
        RepeatedRuns.of(
            context,
            windows,
            context.parameters().text("repeated"),
            context.parameters().whole("examples"),
            run,
            distance);
    int[][] sequences = runs.sequences();
    double[] losses = new double[2];
    int[] right = new int[2];
    Passes passes = new Passes(model, sequences.length);
    passes.read(sequences, 0, distance, Trace.OFF, new Span(span, 0, 0.9));
    passes.read(
        sequences,
        distance,
        distance + run - 1,
        Trace.OFF,
        (sequence, token, logits) -> {
          int target = sequences[sequence][token + 1];
          losses[sequence % 2] += Logits.loss(logits, target);
          right[sequence % 2] += Logits.likeliest(logits) == target ? 1 : 0;
        },
        new Span(span, 0.9, 1));
    int count = sequences.length / 2 * (run - 1);
    double gain = (losses[1] - losses[0]) / count;
    recall.add(factor, distance, (double) right[0] / count, losses[0] / count, gain, count);
    return gain;
  }

  private ProbeResult result() {
    findings.figure("least loss (nats)", leastLoss);
    findings.figure("factor of the least loss", leastFactor);
    findings.figure("best gain (nats)", bestGain);
    findings.figure("factor of the best gain", gainFactor);
    String worth =
        bestGain > 0
            ? "having read before what is repeated is worth most, %.3f nats, with half-lives times %.3g"
                .formatted(bestGain, gainFactor)
            : "having read before what is repeated is worth nothing with any";
    return findings.result(
        String.format(
            Locale.ROOT,
            "The loss is least, %.4f nats, with half-lives times %.3g; %s.",
            leastLoss,
            leastFactor,
            worth));
  }
}
