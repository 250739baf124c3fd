package rwkv.probes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** Names the heads that blow up or stand still. */
final class StateVerdict {

  private static final int MOST_NAMED = 6;

  private final ProbeContext context;
  private final Findings findings;
  private final Memory memory;
  private final StateMeasure[][] last;
  private final double[][] tenth;
  private final List<String> growing = new ArrayList<>();
  private final List<String> still = new ArrayList<>();
  private double greatest;

  /**
   * @param last every head at the end
   * @param tenth its root mean square at a tenth of the text
   */
  StateVerdict(ProbeContext context, Memory memory, StateMeasure[][] last, double[][] tenth) {
    this.context = context;
    this.findings = context.findings();
    this.memory = memory;
    this.last = last;
    this.tenth = tenth;
  }

  ProbeResult result(int tokens, double firstLoss, double lastLoss) {
    table();
    findings.figure("heads that blow up", growing.size());
    findings.figure("heads that stand still", still.size());
    findings.figure("loss in the end (nats)", lastLoss);
    String heads =
        growing.isEmpty() && still.isEmpty()
            ? "No head blows up or stands still"
            : "%s blow up, %s stand still".formatted(words(growing), words(still));
    return findings.result(
        String.format(
            Locale.ROOT,
            "%s after %,d tokens; the largest growth over the last tenfold is %.3g; the loss went"
                + " from %.3f to %.3f nats.",
            heads,
            tokens,
            greatest,
            firstLoss,
            lastLoss));
  }

  private void table() {
    Rows table =
        findings.table(
            "end",
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.text("name"),
            TableColumn.real("rms"),
            TableColumn.real("growth"),
            TableColumn.real("drift"),
            TableColumn.text("finding"));
    Axis head = Axis.of("head");
    Axis growth = new Axis("growth", "growth over the last tenfold", true);
    findings.chart(
        new Chart.HeatMap(
            "Size at the end", "end", head, Axis.of("layer"), Axis.log("rms"), Colors.SEQUENTIAL));
    findings.chart(
        new Chart.HeatMap(
            "Growth at the end", "end", head, Axis.of("layer"), growth, Colors.SEQUENTIAL));
    for (int l = 0; l < last.length; l++) {
      for (int h = 0; h < last[l].length; h++) {
        StateMeasure m = last[l][h];
        double grown = tenth[l][h] == 0 ? (m.rms() == 0 ? 1 : Double.NaN) : m.rms() / tenth[l][h];
        greatest = Math.max(greatest, grown);
        table.add(l, h, memory.name(h), m.rms(), grown, m.drift(), finding(l, h, m, grown));
      }
    }
  }

  private String finding(int layer, int head, StateMeasure m, double grown) {
    String name = "%s of layer %d".formatted(memory.name(head), layer);
    if (!Double.isFinite(m.rms()) || grown >= context.parameters().real("growth")) {
      growing.add(name);
      return "blows up";
    }
    if (m.drift() < context.parameters().real("still")) {
      still.add(name);
      return "stands still";
    }
    return "";
  }

  private static String words(List<String> names) {
    if (names.isEmpty()) {
      return "no head";
    }
    String some = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
    return names.size() <= MOST_NAMED
        ? some
        : some + " and %d more".formatted(names.size() - MOST_NAMED);
  }
}
