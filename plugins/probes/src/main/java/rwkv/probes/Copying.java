package rwkv.probes;

import java.util.Arrays;
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

/** A run of {@link CopyProbe}. */
final class Copying {

  private final ProbeContext context;
  private final Findings findings;
  private final List<Integer> lengths;
  private final int examples;
  private final Rows places;
  private final Rows runs;
  private double bestGain = Double.NEGATIVE_INFINITY;
  private int bestLength;

  Copying(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.lengths = context.parameters().wholes("lengths").stream().sorted().distinct().toList();
    this.examples = context.parameters().whole("examples");
    this.runs =
        findings.table(
            "lengths",
            TableColumn.whole("length"),
            TableColumn.real("first loss (nats)"),
            TableColumn.real("second loss (nats)"),
            TableColumn.real("gain (nats)"),
            TableColumn.real("accuracy"),
            TableColumn.whole("predictions"));
    this.places =
        findings.table(
            "places",
            TableColumn.whole("length"),
            TableColumn.whole("place"),
            TableColumn.real("first loss (nats)"),
            TableColumn.real("second loss (nats)"),
            TableColumn.real("accuracy"));
    Axis place = new Axis("place", "place in the run", true);
    findings.chart(
        new Chart.Lines(
            "Loss of the second coming",
            "places",
            place,
            new Axis("second loss (nats)", "loss (nats)", false),
            "length"));
    findings.chart(
        new Chart.Lines(
            "Accuracy by length", "lengths", Axis.log("length"), Axis.of("accuracy"), null));
    findings.chart(
        new Chart.Lines(
            "What the first coming is worth",
            "lengths",
            Axis.log("length"),
            Axis.of("gain (nats)"),
            null));
  }

  ProbeResult run() {
    Span whole = new Span(context.progress(), 0, 1);
    int[] text =
        ProbeText.of(context, context.parameters().whole("tokens"), new Span(whole, 0, 0.2));
    int[] known = Arrays.stream(text).distinct().sorted().toArray();
    Span rest = new Span(whole, 0.2, 1);
    for (int i = 0; i < lengths.size(); i++) {
      measure(known, lengths.get(i), rest.part(i, lengths.size()));
    }
    context.progress().at(1);
    findings.figure("best gain (nats)", bestGain);
    findings.figure("length of the best gain", bestLength);
    return findings.result(
        String.format(
            Locale.ROOT,
            bestGain > 0
                ? "Having read a run before is worth %.3f nats a token at best, with runs of %d."
                : "Having read a run before is worth nothing: %.3f nats a token at best, with runs"
                    + " of %d.",
            bestGain,
            bestLength));
  }

  private void measure(int[] known, int length, Span span) {
    RandomGenerator random = context.random("runs of " + length);
    int[][] sequences = new int[examples][2 * length];
    for (int[] sequence : sequences) {
      for (int i = 0; i < length; i++) {
        sequence[i] = known[random.nextInt(known.length)];
        sequence[length + i] = sequence[i];
      }
    }
    double[] losses = new double[2 * length];
    int[] right = new int[2 * length];
    new Passes(context.model(), examples)
        .read(
            sequences,
            0,
            2 * length - 1,
            Trace.OFF,
            (sequence, token, logits) -> {
              int target = sequences[sequence][token + 1];
              losses[token + 1] += Logits.loss(logits, target) / examples;
              right[token + 1] += Logits.likeliest(logits) == target ? 1 : 0;
            },
            span);
    double[] means = new double[2];
    int found = 0;
    for (int i = 1; i < length; i++) {
      means[0] += losses[i] / (length - 1);
      means[1] += losses[length + i] / (length - 1);
      found += right[length + i];
      places.add(
          length, i + 1, losses[i], losses[length + i], (double) right[length + i] / examples);
    }
    int count = (length - 1) * examples;
    double gain = means[0] - means[1];
    runs.add(length, means[0], means[1], gain, (double) found / count, count);
    if (gain > bestGain) {
      bestGain = gain;
      bestLength = length;
    }
  }
}
