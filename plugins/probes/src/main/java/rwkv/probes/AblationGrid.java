package rwkv.probes;

import java.util.Locale;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** What each head's change did. */
final class AblationGrid {

  private final Findings findings;
  private final Memory memory;
  private final String change;
  private final Rows rows;
  private String worst = "";
  private double greatest = Double.NEGATIVE_INFINITY;
  private double loss;
  private double divergence;
  private double sum;
  private int count;

  AblationGrid(Findings findings, Memory memory, String change) {
    this.findings = findings;
    this.memory = memory;
    this.change = change;
    this.rows =
        findings.table(
            "heads",
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.text("name"),
            TableColumn.real("ΔNLL (nats)"),
            TableColumn.real("KL (nats)"));
    map("What each head adds to the loss", "ΔNLL (nats)", Colors.DIVERGING);
    map("How much each head moves the predictions", "KL (nats)", Colors.SEQUENTIAL);
  }

  private void map(String title, String column, Colors colors) {
    findings.chart(
        new Chart.HeatMap(
            title, "heads", Axis.of("head"), Axis.of("layer"), Axis.of(column), colors));
  }

  void add(int layer, int head, double deltaLoss, double kl) {
    rows.add(layer, head, memory.name(head), deltaLoss, kl);
    if (kl > greatest) {
      greatest = kl;
      worst = "%s of layer %d".formatted(memory.name(head), layer);
      loss = deltaLoss;
      divergence = kl;
    }
    sum += kl;
    count++;
  }

  ProbeResult result() {
    findings.figure("largest KL (nats)", divergence);
    findings.figure("ΔNLL of that head (nats)", loss);
    findings.figure("mean KL (nats)", sum / count);
    if (!(divergence > 0)) {
      return findings.result("No head's state changes any prediction.");
    }
    return findings.result(
        String.format(
            Locale.ROOT,
            "Most is lost with %s (%s): KL %.3g nats, ΔNLL %+.3g; the mean head's KL is %.3g.",
            worst,
            change,
            divergence,
            loss,
            sum / count));
  }
}
