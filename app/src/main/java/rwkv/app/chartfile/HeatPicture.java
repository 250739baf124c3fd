package rwkv.app.chartfile;

import java.awt.Color;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.SequentialMap;
import rwkv.plugin.Chart.Colors;
import rwkv.plugin.Chart.HeatMap;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Cells with colours for numbers. */
final class HeatPicture {

  private static final int WHITE = 0xFFFFFF;
  private static final int STEPS = 64;
  private static final int MOST_NAMES = 24;
  private static final int DIGITS = 3;

  private HeatPicture() {}

  static HeatMapChart of(HeatMap map, Table table, String caption) {
    HeatMapChart picture =
        new HeatMapChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(title(map))
            .xAxisTitle(Look.withCaption(map.x(), caption))
            .yAxisTitle(Look.label(map.y()))
            .build();
    HeatMapStyler styler = picture.getStyler();
    Look.dress(styler);
    styler.setPlotContentSize(1);
    styler.setPlotGridLinesVisible(false);
    styler.setShowValue(false);
    styler.setXAxisMaxLabelCount(MOST_NAMES);
    Categories xs = Categories.of(table.column(map.x().column()));
    Categories ys = Categories.of(table.column(map.y().column()));
    List<Number[]> cells = cells(map, table.column(map.value().column()), xs, ys);
    colors(styler, map, cells);
    if (cells.isEmpty()) {
      styler.setLegendVisible(false);
      picture.addSeries(" ", List.of(" "), List.of(" "), List.of(new Number[][] {{0, 0, 0}}));
    } else {
      picture.addSeries(" ", xs.names(), ys.names(), cells);
    }
    return picture;
  }

  private static String title(HeatMap map) {
    String value = Look.label(map.value());
    if (map.value().logarithmic()) {
      return "%s: log10 of %s".formatted(map.title(), value);
    }
    return map.title().contains(value) ? map.title() : map.title() + ": " + value;
  }

  /** Column, row and number of each cell that has one; of a logarithmic scale its logarithm. */
  private static List<Number[]> cells(HeatMap map, Column<?> values, Categories xs, Categories ys) {
    boolean isLog = map.value().logarithmic();
    Map<List<Integer>, Number[]> cells = new LinkedHashMap<>();
    for (int row = 0; row < values.size(); row++) {
      double value = SeriesOf.number(values, row);
      if (SeriesOf.isDrawn(value, isLog)) {
        int x = xs.ofRow()[row];
        int y = ys.ofRow()[row];
        cells.put(List.of(x, y), new Number[] {x, y, isLog ? Math.log10(value) : value});
      }
    }
    return List.copyOf(cells.values());
  }

  private static void colors(HeatMapStyler styler, HeatMap map, List<Number[]> cells) {
    double least = cells.stream().mapToDouble(cell -> cell[2].doubleValue()).min().orElse(0);
    double most = cells.stream().mapToDouble(cell -> cell[2].doubleValue()).max().orElse(1);
    boolean isDiverging = map.colors() == Colors.DIVERGING && !map.value().logarithmic();
    if (isDiverging) {
      most = Math.max(Math.abs(least), Math.abs(most));
      least = -most;
    }
    if (!(most > least)) {
      most = least + Math.max(1e-6, Math.abs(least));
    }
    // The legend writes out what is set here.
    styler.setMin(rounded(least, RoundingMode.FLOOR));
    styler.setMax(rounded(most, RoundingMode.CEILING));
    styler.setRangeColors(isDiverging ? diverging() : sequential());
  }

  private static double rounded(double value, RoundingMode mode) {
    return new BigDecimal(value).round(new MathContext(DIGITS, mode)).doubleValue();
  }

  private static Color[] sequential() {
    SequentialMap map = new SequentialMap(0, 1);
    return IntStream.rangeClosed(0, STEPS)
        .mapToObj(i -> new Color(map.color((double) i / STEPS)))
        .toArray(Color[]::new);
  }

  private static Color[] diverging() {
    DivergingMap map = new DivergingMap(WHITE);
    return IntStream.rangeClosed(-STEPS / 2, STEPS / 2)
        .mapToObj(i -> new Color(map.step(2 * i * DivergingMap.STEPS / STEPS)))
        .toArray(Color[]::new);
  }
}
