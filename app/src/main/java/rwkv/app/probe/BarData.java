package rwkv.app.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import tech.tablesaw.columns.Column;

/**
 * What a chart of bars shows, of one run or of several.
 *
 * @param categories in the order of the rows
 * @param names of the series; one that is empty if there is nothing to be told apart
 * @param values of every series, a number for each category, NaN for none
 */
record BarData(
    Axis category, Axis value, List<String> categories, List<String> names, double[][] values) {

  static BarData of(Chart.Bars chart, List<ChartSource> sources) {
    List<String> categories =
        Cells.categories(ChartSource.columns(sources, chart.category().column()), false);
    @Nullable String by = chart.series();
    List<String> groups =
        by == null ? List.of("") : Cells.categories(ChartSource.columns(sources, by), true);
    List<String> names = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (String group : groups) {
      for (ChartSource source : sources) {
        names.add(XyData.words(by, group, sources.size() > 1 ? source.label() : ""));
        values.add(values(chart, source, group, categories));
      }
    }
    return new BarData(
        chart.category(), chart.value(), categories, names, values.toArray(double[][]::new));
  }

  private static double[] values(
      Chart.Bars chart, ChartSource source, String group, List<String> categories) {
    double[] values = new double[categories.size()];
    Arrays.fill(values, Double.NaN);
    Column<?> places = source.table().column(chart.category().column());
    Column<?> numbers = source.table().column(chart.value().column());
    Column<?> groups = chart.series() == null ? null : source.table().column(chart.series());
    for (int r = 0; r < source.table().rowCount(); r++) {
      if (groups == null || Cells.text(groups, r).equals(group)) {
        values[categories.indexOf(Cells.text(places, r))] = Cells.number(numbers, r);
      }
    }
    return values;
  }

  int missing() {
    return value.logarithmic()
        ? (int) Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(v -> v <= 0).count()
        : 0;
  }
}
