package rwkv.app.probing;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.model.LoadOptions;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** A run with all that a run may have. */
public final class TestRuns {

  private TestRuns() {}

  public static ProbeRun of(String id) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("pairs", 4);
    parameters.put("share", 1.0);
    parameters.put("lengths", List.of(1, 2));
    parameters.put("factors", List.of(0.5, 2.0));
    parameters.put("text", "a, \"b\"\n");
    return new ProbeRun(
        id,
        new ProbeRun.AskedProbe("recall", "Recall", "a test"),
        new SubjectFacts(
            "small.pth",
            Path.of("small.pth").toAbsolutePath(),
            false,
            "RWKV-7",
            2,
            "bytes",
            Path.of("bytes.txt").toAbsolutePath(),
            "cpu",
            "CPU, 2 threads",
            2,
            LoadOptions.groupNormEps(1e-5f)),
        "ab".repeat(32),
        "1.2.3",
        Long.MIN_VALUE,
        parameters,
        Instant.parse("2026-01-31T17:45:01.123456789Z"),
        Duration.ofNanos(1_234_567_891),
        RunState.CANCELLED,
        "It was late.",
        result());
  }

  private static ProbeResult result() {
    Findings findings = new Findings(() -> {});
    Rows rows =
        findings.table(
            "recall",
            TableColumn.text("series, with a comma"),
            TableColumn.whole("n"),
            TableColumn.real("x"));
    rows.add("plain", 1, Math.PI);
    rows.add("a \"b\",\nc\r\n# d", Long.MAX_VALUE, Double.MIN_VALUE);
    rows.add("", 3, Double.NEGATIVE_INFINITY);
    rows.add(" spaces ", 0, -0.0);
    rows.add(null, null, null);
    findings.table("one", TableColumn.text("text")).add("");
    findings.table("empty", TableColumn.real("x"));
    Axis n = new Axis("n", "number of pairs", true);
    findings.chart(new Chart.Lines("Lines", "recall", n, Axis.of("x"), "series, with a comma"));
    findings.chart(new Chart.Points("Points", "recall", n, Axis.of("x"), null));
    findings.chart(new Chart.Bars("Bars", "recall", Axis.of("n"), Axis.log("x"), null));
    findings.chart(
        new Chart.HeatMap(
            "Map", "recall", n, Axis.of("series, with a comma"), Axis.of("x"), Colors.DIVERGING));
    findings.figure("accuracy", 0.1 + 0.2);
    findings.figure("nothing", Double.NaN);
    findings.figure("all", Double.POSITIVE_INFINITY);
    return findings.result("It recalls \"some\".");
  }
}
