package rwkv.probes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rwkv.engine.analysis.Quantiles;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** The tables, charts and words of {@link HalfLifeProbe}. */
final class HalfLifeTables {

  private final Findings findings;
  private final Memory memory;
  private final int tokens;
  private final Rows output;
  private final Rows layers;
  private final HeadChange.Falling predictions = new HeadChange.Falling();
  private double first;

  /** A number for each head. */
  @FunctionalInterface
  interface PerHead {
    double of(int layer, int head);
  }

  /**
   * @param tokens read after the changed one
   */
  HalfLifeTables(Findings findings, Memory memory, int tokens) {
    this.findings = findings;
    this.memory = memory;
    this.tokens = tokens;
    output =
        findings.table(
            "output",
            TableColumn.whole("tokens read"),
            TableColumn.real("divergence (nats)"),
            TableColumn.whole("predictions"));
    layers =
        findings.table(
            "layers",
            TableColumn.whole("tokens read"),
            TableColumn.whole("layer"),
            TableColumn.real("change of the state"));
    Axis since = new Axis("tokens read", "tokens read, the changed one first", true);
    Axis change = Axis.log("change of the state");
    Axis divergence = Axis.log("divergence (nats)");
    findings.chart(new Chart.Lines("What is left in the states", "layers", since, change, "layer"));
    findings.chart(
        new Chart.Lines("What is left in the predictions", "output", since, divergence, null));
  }

  /**
   * Adds how far the predictions have moved, mean over the tokens since the last point.
   *
   * @param passed tokens since the changed one
   */
  void output(int passed, double[] divergences) {
    double mean = Arrays.stream(divergences).average().orElse(0);
    output.add(passed + 1, mean, divergences.length);
    if (passed == 0) {
      first = mean;
    } else if (first > 0) {
      predictions.add(passed, mean / first);
    }
  }

  /** Adds ‖S′ − S‖ / ‖S‖ of all heads of a layer. */
  void layer(int passed, int layer, double change) {
    layers.add(passed + 1, layer, Double.isNaN(change) ? null : change);
  }

  ProbeResult result(HeadChange[][] heads, PerHead channels) {
    Rows table = heads();
    List<HeadChange> changed = new ArrayList<>();
    String longest = "";
    double most = -1;
    for (int l = 0; l < heads.length; l++) {
      for (int h = 0; h < heads[l].length; h++) {
        HeadChange head = heads[l][h];
        Double channel = finite(channels.of(l, h));
        if (!head.changed()) {
          table.add(l, h, memory.name(h), null, null, channel, null, null);
          continue;
        }
        changed.add(head);
        table.add(
            l,
            h,
            memory.name(h),
            finite(head.halfLife()),
            finite(head.predictedHalfLife()),
            channel,
            head.peakAt(),
            head.relative());
        if (head.halfLife() > most) {
          most = head.halfLife();
          longest = "%s of layer %d the longest, %s".formatted(memory.name(h), l, words(most));
        }
      }
    }
    return findings.result(verdict(changed, longest));
  }

  private Rows heads() {
    Rows table =
        findings.table(
            "heads",
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.text("name"),
            TableColumn.real("half-life (tokens)"),
            TableColumn.real("by decay (tokens)"),
            TableColumn.real("median channel (tokens)"),
            TableColumn.whole("largest after (tokens)"),
            TableColumn.real("largest change"));
    Axis head = Axis.of("head");
    Axis layer = Axis.of("layer");
    Axis measured = new Axis("half-life (tokens)", "half-life, measured (tokens)", true);
    Axis decay = new Axis("by decay (tokens)", "half-life by decay (tokens)", true);
    Colors colors = Colors.SEQUENTIAL;
    findings.chart(new Chart.HeatMap("Half-lives", "heads", head, layer, measured, colors));
    findings.chart(
        new Chart.HeatMap("Half-lives by decay alone", "heads", head, layer, decay, colors));
    findings.chart(new Chart.Points("Measured and by decay", "heads", decay, measured, "layer"));
    return table;
  }

  private String verdict(List<HeadChange> changed, String longest) {
    if (changed.isEmpty()) {
      return "The changed token changed no head's state.";
    }
    double measured = median(changed.stream().mapToDouble(HeadChange::halfLife).toArray());
    double decay = median(changed.stream().mapToDouble(HeadChange::predictedHalfLife).toArray());
    double predicted = first > 0 ? predictions.halfLife() : Double.NaN;
    figure("median half-life (tokens)", measured);
    figure("median half-life by decay (tokens)", decay);
    figure("half-life of the predictions (tokens)", predicted);
    findings.figure(
        "heads that keep more than half",
        changed.stream().filter(head -> Double.isInfinite(head.halfLife())).count());
    String heads =
        "The median head has half of a changed token left after %s tokens (by decay alone %s), %s"
            .formatted(words(measured), words(decay), longest);
    return first > 0
        ? heads + "; of the difference in what is predicted, after " + words(predicted) + "."
        : heads + "; what is predicted did not change.";
  }

  /** Infinite ones are the largest. */
  static double median(double[] halfLives) {
    return Quantiles.of(halfLives, 0.5);
  }

  private void figure(String name, double value) {
    if (Double.isFinite(value)) {
      findings.figure(name, value);
    }
  }

  private String words(double halfLife) {
    return Double.isInfinite(halfLife)
        ? "more than %d".formatted(tokens)
        : String.format(Locale.ROOT, "%.3g", halfLife);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
