package rwkv.probes;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** The tables and charts of {@link StateDynamicsProbe} that grow while it reads. */
final class StateTables {

  private final Memory memory;
  private final Rows losses;
  private final Rows layers;
  private final Rows heads;

  StateTables(Findings findings, Memory memory) {
    this.memory = memory;
    losses =
        findings.table(
            "loss",
            TableColumn.whole("tokens"),
            TableColumn.real("loss (nats)"),
            TableColumn.whole("predictions"));
    layers = findings.table("layers", columns(TableColumn.whole("layer")));
    heads = findings.table("heads", columns(TableColumn.whole("layer"), TableColumn.whole("head")));
    chart(findings, "Size of the states", "rms", true);
    if (memory.hasHeads()) {
      chart(findings, "Effective rank", "effective rank", false);
      chart(findings, "Stable rank", "stable rank", false);
    }
    chart(findings, "Drift", "drift", true);
    findings.chart(
        new Chart.Lines(
            "Loss along the text", "loss", Axis.log("tokens"), Axis.of("loss (nats)"), null));
  }

  private static TableColumn[] columns(TableColumn... place) {
    TableColumn[] columns = new TableColumn[place.length + 6];
    columns[0] = TableColumn.whole("tokens");
    System.arraycopy(place, 0, columns, 1, place.length);
    String[] names = {"rms", "largest", "drift", "effective rank", "stable rank"};
    for (int i = 0; i < names.length; i++) {
      columns[place.length + 1 + i] = TableColumn.real(names[i]);
    }
    return columns;
  }

  private static void chart(Findings findings, String title, String column, boolean logarithmic) {
    findings.chart(
        new Chart.Lines(
            title, "layers", Axis.log("tokens"), new Axis(column, column, logarithmic), "layer"));
  }

  void loss(int tokens, double loss, int predictions) {
    losses.add(tokens, loss, predictions);
  }

  void head(int tokens, int layer, int head, StateMeasure m) {
    heads.add(
        tokens,
        layer,
        head,
        m.rms(),
        m.largest(),
        m.drift(),
        rank(m.effectiveRank()),
        rank(m.stableRank()));
  }

  /** Means over the heads, but for the largest number. */
  void layer(int tokens, int layer, StateMeasure[] all) {
    layers.add(
        tokens,
        layer,
        mean(all, StateMeasure::rms),
        Arrays.stream(all).mapToDouble(StateMeasure::largest).max().orElse(0),
        mean(all, StateMeasure::drift),
        rank(mean(all, StateMeasure::effectiveRank)),
        rank(mean(all, StateMeasure::stableRank)));
  }

  private static double mean(StateMeasure[] all, ToDoubleFunction<StateMeasure> what) {
    return Arrays.stream(all).mapToDouble(what).average().orElse(0);
  }

  private @Nullable Double rank(double rank) {
    return memory.hasHeads() ? rank : null;
  }
}
