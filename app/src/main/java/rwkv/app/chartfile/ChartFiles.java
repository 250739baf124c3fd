package rwkv.app.chartfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import rwkv.app.probing.FileNames;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.RunState;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Bars;
import rwkv.plugin.Chart.HeatMap;
import rwkv.plugin.Chart.Lines;
import rwkv.plugin.Chart.Points;
import tech.tablesaw.api.Table;

/** The charts of a run as files. */
public final class ChartFiles {

  private ChartFiles() {}

  /**
   * Writes every chart as {@code TITLE.png} and {@code TITLE.svg}.
   *
   * @param folder that exists
   * @throws IOException if they cannot be written
   */
  public static void write(ProbeRun run, Path folder) throws IOException {
    Set<String> taken = new HashSet<>();
    for (Chart chart : run.result().charts()) {
      String name = FileNames.of(chart.title(), taken);
      Table table = run.result().table(chart.table());
      write(
          chart, table, caption(run), folder.resolve(name + ".png"), folder.resolve(name + ".svg"));
    }
  }

  /** What a picture says of the run, the same for every run that finds the same. */
  public static String caption(ProbeRun run) {
    return "%s on %s (%s, %d layers), seed %d%s"
        .formatted(
            run.probe().name(),
            run.model().model(),
            run.model().version(),
            run.model().layers(),
            run.seed(),
            run.state() == RunState.DONE ? "" : ", " + run.state().word());
  }

  /**
   * Writes one chart.
   *
   * @param table with the columns that it is drawn from
   * @param caption below the chart
   * @throws IOException if a file cannot be written
   */
  public static void write(Chart chart, Table table, String caption, Path png, Path svg)
      throws IOException {
    var drawn = drawn(chart, table, caption);
    BufferedImage image = BitmapEncoder.getBufferedImage(drawn);
    if (!ImageIO.write(image, "png", png.toFile())) {
      throw new IOException(png + ": it cannot be written as PNG");
    }
    // Once more: drawing leaves marks in it.
    ByteArrayOutputStream vectors = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(
        drawn(chart, table, caption), vectors, VectorGraphicsFormat.SVG);
    Files.writeString(svg, named(vectors.toString(UTF_8), chart.title(), caption));
  }

  /** Letters are drawn as shapes there: the words are added for readers that cannot see them. */
  private static String named(String svg, String title, String caption) {
    int root = svg.indexOf("<svg");
    int end = svg.indexOf('>', root) + 1;
    String words = "<title>%s</title><desc>%s</desc>".formatted(escaped(title), escaped(caption));
    return svg.substring(0, end) + words + svg.substring(end);
  }

  private static String escaped(String text) {
    return text.replaceAll("\\p{Cntrl}", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private static org.knowm.xchart.internal.chartpart.Chart<?, ?> drawn(
      Chart chart, Table table, String caption) {
    return switch (chart) {
      case Lines lines ->
          XyPicture.of(lines, lines.x(), lines.y(), lines.series(), true, table, caption);
      case Points points ->
          XyPicture.of(points, points.x(), points.y(), points.series(), false, table, caption);
      case Bars bars -> BarPicture.of(bars, table, caption);
      case HeatMap map -> HeatPicture.of(map, table, caption);
    };
  }
}
