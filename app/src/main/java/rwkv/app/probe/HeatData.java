package rwkv.app.probe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import rwkv.plugin.Chart;
import tech.tablesaw.columns.Column;

/**
 * What a heat map shows of one run.
 *
 * @param columns what stands on the axis to the right
 * @param rows what stands on the axis downwards
 * @param values {@code [rows, columns]}
 * @param known whether there is a row of the table for the cell, {@code [rows, columns]}
 */
record HeatData(
    Chart.HeatMap chart,
    List<String> columns,
    List<String> rows,
    double[][] values,
    boolean[][] known) {

  /** One for each run, all with the same axes. */
  static List<HeatData> of(Chart.HeatMap chart, List<ChartSource> sources) {
    List<String> columns = Cells.categories(ChartSource.columns(sources, chart.x().column()), true);
    List<String> rows = Cells.categories(ChartSource.columns(sources, chart.y().column()), true);
    return sources.stream().map(source -> of(chart, source, columns, rows)).toList();
  }

  private static HeatData of(
      Chart.HeatMap chart, ChartSource source, List<String> columns, List<String> rows) {
    double[][] values = new double[rows.size()][columns.size()];
    boolean[][] known = new boolean[rows.size()][columns.size()];
    Map<String, Integer> across = places(columns);
    Map<String, Integer> down = places(rows);
    Column<?> xs = source.table().column(chart.x().column());
    Column<?> ys = source.table().column(chart.y().column());
    Column<?> numbers = source.table().column(chart.value().column());
    for (int r = 0; r < source.table().rowCount(); r++) {
      Integer x = across.get(Cells.text(xs, r));
      Integer y = down.get(Cells.text(ys, r));
      if (x != null && y != null) {
        values[y][x] = Cells.number(numbers, r);
        known[y][x] = true;
      }
    }
    return new HeatData(chart, columns, rows, values, known);
  }

  private static Map<String, Integer> places(List<String> names) {
    Map<String, Integer> places = new HashMap<>();
    IntStream.range(0, names.size()).forEach(i -> places.put(names.get(i), i));
    return places;
  }

  /** All numbers that have a colour. */
  double[] numbers() {
    boolean logarithmic = isLogarithmic();
    return IntStream.range(0, rows.size())
        .boxed()
        .flatMapToDouble(r ->
            IntStream.range(0, columns.size())
                .filter(c -> known[r][c])
                .mapToDouble(c -> values[r][c]))
        .filter(v -> Double.isFinite(v) && (!logarithmic || v > 0))
        .toArray();
  }

  boolean isLogarithmic() {
    return chart.value().logarithmic() && chart.colors() == Chart.Colors.SEQUENTIAL;
  }

  /** Cells whose numbers are not above 0 on a logarithmic scale. */
  int missing() {
    if (!isLogarithmic()) {
      return 0;
    }
    int missing = 0;
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns.size(); c++) {
        missing += known[r][c] && values[r][c] <= 0 ? 1 : 0;
      }
    }
    return missing;
  }

  @Override
  public String toString() {
    return chart.title() + " " + Arrays.deepToString(values);
  }
}
