package rwkv.probes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import rwkv.engine.tensor.DType;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** The tables and charts of {@link PrecisionProbe}. */
final class PrecisionTables {

  private final Findings findings;
  private final Rows types;
  private final Rows layers;
  private final Rows heads;
  private final List<String> sentences = new ArrayList<>();

  PrecisionTables(Findings findings, boolean lens) {
    this.findings = findings;
    types =
        findings.table(
            "types",
            TableColumn.text("type"),
            TableColumn.whole("bytes per token"),
            TableColumn.real("KL (nats)"),
            TableColumn.real("same likeliest"),
            TableColumn.real("loss (nats)"),
            TableColumn.real("ΔNLL (nats)"));
    layers =
        findings.table(
            "layers",
            TableColumn.text("type"),
            TableColumn.whole("layer"),
            TableColumn.real("residual error"),
            TableColumn.real("lens KL (nats)"),
            TableColumn.real("state error"));
    heads =
        findings.table(
            "heads",
            TableColumn.text("type"),
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.real("state error"));
    findings.chart(
        new Chart.Bars(
            "Divergence of the predictions",
            "types",
            Axis.of("type"),
            new Axis("KL (nats)", "KL (nats)", true),
            null));
    line("Error of the residual", "residual error");
    if (lens) {
      line("Divergence through the logit lens", "lens KL (nats)");
    }
    line("Error of the states", "state error");
  }

  private void line(String title, String column) {
    findings.chart(new Chart.Lines(title, "layers", Axis.of("layer"), Axis.log(column), "type"));
  }

  void add(DType dtype, long bytes, PrecisionErrors errors) {
    String type = dtype.name().toLowerCase(Locale.ROOT);
    double loss = errors.otherLoss() - errors.ownLoss();
    types.add(type, bytes, errors.divergence(), errors.agreement(), errors.otherLoss(), loss);
    for (int layer = 0; layer < errors.layers(); layer++) {
      double[] states = errors.states(layer);
      layers.add(
          type,
          layer,
          errors.residual(layer),
          errors.lens(layer),
          Arrays.stream(states).average().orElse(0));
      for (int head = 0; head < states.length; head++) {
        heads.add(type, layer, head, states[head]);
      }
    }
    findings.figure("KL of " + type + " (nats)", errors.divergence());
    findings.figure("same likeliest token of " + type, errors.agreement());
    sentences.add(
        String.format(
            Locale.ROOT,
            "%s: KL %.2g, likeliest token kept %.1f %%",
            type,
            errors.divergence(),
            100 * errors.agreement()));
  }

  ProbeResult result() {
    return findings.result(String.join("; ", sentences) + ".");
  }
}
