package rwkv.app.probing;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Bars;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Chart.HeatMap;
import rwkv.plugin.Chart.Lines;
import rwkv.plugin.Chart.Points;
import tools.jackson.databind.node.ObjectNode;

/** Charts as JSON. */
final class ChartJson {

  private static final String LINES = "lines";
  private static final String POINTS = "points";
  private static final String BARS = "bars";
  private static final String HEAT_MAP = "heat map";

  private ChartJson() {}

  static void write(Chart chart, ObjectNode json) {
    switch (chart) {
      case Lines c -> write(json, LINES, c, c.x(), c.y(), c.series());
      case Points c -> write(json, POINTS, c, c.x(), c.y(), c.series());
      case Bars c -> write(json, BARS, c, c.category(), c.value(), c.series());
      case HeatMap c -> {
        write(json, HEAT_MAP, c, c.x(), c.y(), null);
        write(json.putObject("value"), c.value());
        json.put("colors", c.colors().name().toLowerCase(Locale.ROOT));
      }
    }
  }

  private static void write(
      ObjectNode json, String kind, Chart chart, Axis x, Axis y, @Nullable String series) {
    json.put("kind", kind).put("title", chart.title()).put("table", chart.table());
    write(json.putObject("x"), x);
    write(json.putObject("y"), y);
    if (series != null) {
      json.put("series", series);
    }
  }

  private static void write(ObjectNode json, Axis axis) {
    json.put("column", axis.column()).put("label", axis.label());
    json.put("logarithmic", axis.logarithmic());
  }

  /**
   * @throws IOException in a sentence, if it is no chart
   */
  static Chart read(JsonFields json) throws IOException {
    String title = json.text("title");
    String table = json.text("table");
    Axis x = axis(json.object("x"));
    Axis y = axis(json.object("y"));
    String series = json.optionalText("series");
    return switch (json.text("kind")) {
      case LINES -> new Lines(title, table, x, y, series);
      case POINTS -> new Points(title, table, x, y, series);
      case BARS -> new Bars(title, table, x, y, series);
      case HEAT_MAP ->
          new HeatMap(
              title,
              table,
              x,
              y,
              axis(json.object("value")),
              json.text("colors").equals("diverging") ? Colors.DIVERGING : Colors.SEQUENTIAL);
      default -> throw new IOException(json.where() + ": there is no such kind of chart");
    };
  }

  private static Axis axis(JsonFields json) throws IOException {
    return new Axis(json.text("column"), json.text("label"), json.flag("logarithmic"));
  }
}
