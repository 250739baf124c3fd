package rwkv.app.chartfile;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Lines and points. */
final class XyPicture {

  /** Points of a longer line are not marked one by one. */
  private static final int MARKED = 40;

  private XyPicture() {}

  static XYChart of(
      Chart chart,
      Axis x,
      Axis y,
      @Nullable String series,
      boolean isLines,
      Table table,
      String caption) {
    XYChart picture =
        new XYChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(chart.title())
            .xAxisTitle(Look.withCaption(x, caption))
            .yAxisTitle(Look.label(y))
            .build();
    Look.dress(picture.getStyler());
    picture
        .getStyler()
        .setDefaultSeriesRenderStyle(
            isLines ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
    picture.getStyler().setLegendVisible(series != null);
    Drawn drawn = new Drawn(table.column(x.column()), table.column(y.column()), x, y);
    SeriesOf.rows(table, series)
        .forEach((name, rows) -> add(picture, name.isBlank() ? " " : name, drawn, rows));
    if (picture.getSeriesMap().isEmpty()) {
      empty(picture);
    } else {
      picture.getStyler().setXAxisLogarithmic(x.logarithmic());
      picture.getStyler().setYAxisLogarithmic(y.logarithmic());
    }
    // On a logarithmic axis XChart would put such labels where equal steps are.
    if (!x.logarithmic()) {
      picture.getStyler().setxAxisTickLabelsFormattingFunction(Look.ticks());
    }
    if (!y.logarithmic()) {
      picture.getStyler().setyAxisTickLabelsFormattingFunction(Look.ticks());
    }
    return picture;
  }

  private record Drawn(Column<?> xs, Column<?> ys, Axis x, Axis y) {
    boolean has(int row) {
      return SeriesOf.isDrawn(SeriesOf.number(xs, row), x.logarithmic())
          && SeriesOf.isDrawn(SeriesOf.number(ys, row), y.logarithmic());
    }
  }

  private static void add(XYChart picture, String name, Drawn drawn, List<Integer> rows) {
    List<Integer> there = rows.stream().filter(drawn::has).toList();
    if (there.isEmpty()) {
      return;
    }
    XYSeries series =
        picture.addSeries(
            name,
            there.stream().mapToDouble(row -> SeriesOf.number(drawn.xs, row)).toArray(),
            there.stream().mapToDouble(row -> SeriesOf.number(drawn.ys, row)).toArray());
    if (there.size() > MARKED
        && picture.getStyler().getDefaultSeriesRenderStyle() == XYSeriesRenderStyle.Line) {
      series.setMarker(SeriesMarkers.NONE);
    }
  }

  /** Axes alone. */
  private static void empty(XYChart picture) {
    XYSeries nothing = picture.addSeries(" ", new double[] {0, 1}, new double[] {0, 1});
    nothing.setMarker(SeriesMarkers.NONE);
    nothing.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    picture.getStyler().setLegendVisible(false);
  }
}
