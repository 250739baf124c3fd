package rwkv.app.chartfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.TestRuns;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** Charts become pictures. */
class ChartFilesTest {

  @TempDir Path folder;

  private static List<Chart> charts(boolean isLog) {
    Axis x = new Axis("x", "distance (tokens)", isLog);
    Axis y = new Axis("y", "accuracy", isLog);
    return List.of(
        new Chart.Lines("Accuracy < 1 & more", "t", x, y, "series"),
        new Chart.Points("Accuracy < 1 & more", "t", x, y, "series"),
        new Chart.Bars("Accuracy < 1 & more", "t", Axis.of("x"), y, "series"),
        new Chart.HeatMap(
            "Accuracy < 1 & more", "t", Axis.of("x"), Axis.of("series"), y, Colors.DIVERGING),
        new Chart.HeatMap(
            "Accuracy < 1 & more", "t", Axis.of("x"), Axis.of("series"), y, Colors.SEQUENTIAL));
  }

  private static Findings findings() {
    return new Findings(() -> {});
  }

  private static Rows table(Findings findings) {
    return findings.table(
        "t", TableColumn.whole("x"), TableColumn.real("y"), TableColumn.text("series"));
  }

  private void write(Chart chart, Findings findings) throws Exception {
    ProbeResult result = findings.result("");
    Path png = folder.resolve("chart.png");
    Path svg = folder.resolve("chart.svg");
    ChartFiles.write(chart, result.table("t"), "model m, seed 1", png, svg);
    BufferedImage image = ImageIO.read(png.toFile());
    assertEquals(Look.WIDTH, image.getWidth());
    assertEquals(Look.HEIGHT, image.getHeight());
    long colors =
        IntStream.range(0, image.getWidth() * image.getHeight())
            .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
            .distinct()
            .count();
    assertTrue(colors > 5, () -> chart + " has " + colors + " colours");
    DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
    xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    var document = xml.newDocumentBuilder().parse(svg.toFile());
    assertEquals("svg", document.getDocumentElement().getTagName());
    String text = document.getDocumentElement().getTextContent();
    assertTrue(text.contains("model m, seed 1"), text);
    assertTrue(text.contains("Accuracy < 1 & more"), text);
  }

  @Test
  void everyKindBecomesAPicture() throws Exception {
    for (boolean isLog : new boolean[] {false, true}) {
      Findings findings = findings();
      Rows rows = table(findings);
      for (int series = 0; series < 9; series++) {
        for (int i = 0; i < 30; i++) {
          rows.add(1 << (i / 3), (isLog ? 1 : Math.cos(i)) * Math.exp(-0.1 * i), "s" + series);
        }
      }
      for (Chart chart : charts(isLog)) {
        write(chart, findings);
      }
    }
  }

  @Test
  void whatCannotBeDrawnIsLeftOut() throws Exception {
    for (boolean isLog : new boolean[] {false, true}) {
      Findings findings = findings();
      Rows rows = table(findings);
      rows.add(1, Double.NaN, "a");
      rows.add(0, -1.0, "a");
      rows.add(null, 2.0, null);
      rows.add(3, Double.POSITIVE_INFINITY, "b");
      rows.add(4, 1e-300, "b");
      rows.add(4, 1e300, "b");
      for (Chart chart : charts(isLog)) {
        write(chart, findings);
      }
    }
  }

  @Test
  void oneNumberAndNoneAreDrawnToo() throws Exception {
    for (boolean isLog : new boolean[] {false, true}) {
      for (int count : new int[] {0, 1}) {
        Findings findings = findings();
        Rows rows = table(findings);
        if (count > 0) {
          rows.add(1, 0.25, "only");
        }
        for (Chart chart : charts(isLog)) {
          write(chart, findings);
        }
      }
    }
  }

  @Test
  void everyChartOfARunIsAFile() throws Exception {
    ProbeRun run = TestRuns.of("one");
    ChartFiles.write(run, folder);
    try (var files = Files.list(folder)) {
      assertEquals(
          "bars.png bars.svg lines.png lines.svg map.png map.svg points.png points.svg",
          files
              .map(file -> file.getFileName().toString())
              .sorted()
              .collect(Collectors.joining(" ")));
    }
    assertEquals(
        "Recall on small.pth (RWKV-7, 2 layers), seed -9223372036854775808, cancelled",
        ChartFiles.caption(run));
  }

  @Test
  void ticksAreShort() {
    assertEquals("0", Look.tick(0));
    assertEquals("0.25", Look.tick(0.25));
    assertEquals("1024", Look.tick(1024));
    assertEquals("1e5", Look.tick(1e5));
    assertEquals("-2.5e-7", Look.tick(-2.5e-7));
    assertEquals("1e100", Look.tick(1e100));
  }
}
