package rwkv.app.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import tech.tablesaw.columns.Column;

/**
 * What a chart of lines or points shows, of one run or of several.
 *
 * @param joined whether lines go through the points
 * @param colors how many colours are needed
 * @param missing points that have no place: not above 0 on a logarithmic axis
 */
record XyData(Axis x, Axis y, boolean joined, List<XySeries> series, int colors, int missing) {

  static XyData of(Chart.Lines chart, List<ChartSource> sources) {
    return of(chart.x(), chart.y(), chart.series(), true, sources);
  }

  static XyData of(Chart.Points chart, List<ChartSource> sources) {
    return of(chart.x(), chart.y(), chart.series(), false, sources);
  }

  private static XyData of(
      Axis x, Axis y, @Nullable String by, boolean joined, List<ChartSource> sources) {
    List<String> names =
        by == null ? List.of("") : Cells.categories(ChartSource.columns(sources, by), true);
    List<XySeries> series = new ArrayList<>();
    boolean several = sources.size() > 1;
    for (int s = 0; s < sources.size(); s++) {
      ChartSource source = sources.get(s);
      Map<String, List<double[]>> points = new LinkedHashMap<>();
      names.forEach(name -> points.put(name, new ArrayList<>()));
      Column<?> xs = source.table().column(x.column());
      Column<?> ys = source.table().column(y.column());
      Column<?> groups = by == null ? null : source.table().column(by);
      for (int r = 0; r < source.table().rowCount(); r++) {
        double[] point = {Cells.number(xs, r), Cells.number(ys, r)};
        points
            .computeIfAbsent(groups == null ? "" : Cells.text(groups, r), _ -> new ArrayList<>())
            .add(point);
      }
      for (int n = 0; n < names.size(); n++) {
        String name = names.get(n);
        boolean byRun = several && names.size() == 1;
        series.add(
            series(
                words(by, name, several ? source.label() : ""),
                byRun ? s : n,
                several ? s : 0,
                points.getOrDefault(name, List.of())));
      }
    }
    int colors = names.size() == 1 ? sources.size() : names.size();
    int missing = series.stream().mapToInt(one -> missing(one, x, y)).sum();
    return new XyData(x, y, joined, series, colors, missing);
  }

  /** What a series is called: its run, its value of the column, or both. */
  static String words(@Nullable String by, String name, String run) {
    String own = by == null ? "" : name.matches("-?[0-9.]+") ? by + " " + name : name;
    return own.isEmpty() ? run : run.isEmpty() ? own : own + " · " + run;
  }

  private static XySeries series(String name, int color, int style, List<double[]> points) {
    return new XySeries(
        name,
        color,
        style,
        points.stream().mapToDouble(point -> point[0]).toArray(),
        points.stream().mapToDouble(point -> point[1]).toArray());
  }

  private static int missing(XySeries series, Axis x, Axis y) {
    int missing = 0;
    for (int i = 0; i < series.size(); i++) {
      boolean misses =
          x.logarithmic() && series.xs()[i] <= 0 || y.logarithmic() && series.ys()[i] <= 0;
      missing += misses ? 1 : 0;
    }
    return missing;
  }
}
