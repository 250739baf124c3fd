package rwkv.app.chartfile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import rwkv.plugin.Chart.Bars;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Bars side by side. */
final class BarPicture {

  /** More categories than this have their names upright. */
  private static final int LEVEL = 12;

  private static final int MOST_NAMES = 40;
  private static final int UPRIGHT = 90;

  private BarPicture() {}

  static CategoryChart of(Bars bars, Table table, String caption) {
    CategoryChart picture =
        new CategoryChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(bars.title())
            .xAxisTitle(Look.withCaption(bars.category(), caption))
            .yAxisTitle(Look.label(bars.value()))
            .build();
    Look.dress(picture.getStyler());
    picture.getStyler().setLegendVisible(bars.series() != null);
    boolean isLog = bars.value().logarithmic();
    List<String> categories = categories(table.column(bars.category().column()));
    SeriesOf.rows(table, bars.series())
        .forEach((name, rows) -> {
          List<@Nullable Double> values = values(bars, table, categories, rows);
          if (values.stream().anyMatch(value -> value != null)) {
            picture.addSeries(name.isBlank() ? " " : name, categories, values);
          }
        });
    if (picture.getSeriesMap().isEmpty()) {
      picture.addSeries(" ", List.of(" "), List.of(0));
      picture.getStyler().setLegendVisible(false);
    } else {
      picture.getStyler().setYAxisLogarithmic(isLog);
      if (isLog) {
        // Bars begin at 0 elsewhere, which such an axis does not have.
        picture.getStyler().setYAxisMin(decadeBelow(picture));
      }
    }
    if (categories.size() > LEVEL) {
      picture.getStyler().setXAxisLabelRotation(UPRIGHT);
      picture.getStyler().setXAxisMaxLabelCount(MOST_NAMES);
    }
    if (!isLog) {
      picture.getStyler().setyAxisTickLabelsFormattingFunction(Look.ticks());
    }
    return picture;
  }

  private static List<String> categories(Column<?> column) {
    Set<String> names = new LinkedHashSet<>();
    for (int row = 0; row < column.size(); row++) {
      names.add(SeriesOf.text(column, row));
    }
    return List.copyOf(names);
  }

  private static List<@Nullable Double> values(
      Bars bars, Table table, List<String> categories, List<Integer> rows) {
    Map<String, Double> values = new HashMap<>();
    for (int row : rows) {
      double value = SeriesOf.number(table.column(bars.value().column()), row);
      if (SeriesOf.isDrawn(value, bars.value().logarithmic())) {
        values.put(SeriesOf.text(table.column(bars.category().column()), row), value);
      }
    }
    List<@Nullable Double> inOrder = new ArrayList<>();
    categories.forEach(name -> inOrder.add(values.get(name)));
    return inOrder;
  }

  private static double decadeBelow(CategoryChart picture) {
    double least =
        picture.getSeriesMap().values().stream()
            .flatMap(series -> series.getYData().stream())
            .filter(Objects::nonNull)
            .mapToDouble(Number::doubleValue)
            .min()
            .orElse(1);
    return Math.pow(10, Math.ceil(Math.log10(least)) - 1);
  }
}
