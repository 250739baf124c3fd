package rwkv.app.chartfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Cells of tables as charts need them. */
final class SeriesOf {

  /** Larger than this, an axis would end at infinity. */
  private static final double MOST = 1e307;

  private SeriesOf() {}

  /** The rows of each series, by the cell of its column, in the order of the rows. */
  static Map<String, List<Integer>> rows(Table table, @Nullable String series) {
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < table.rowCount(); row++) {
      String name = series == null ? "" : name(table.column(series), row);
      rows.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
    }
    return rows;
  }

  /** A number alone says little, as the name of a line. */
  private static String name(Column<?> column, int row) {
    String text = text(column, row);
    return column instanceof StringColumn ? text : column.name() + " " + text;
  }

  /** The number in a cell; NaN for none. */
  static double number(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return Double.NaN;
    }
    return switch (column) {
      case DoubleColumn reals -> reals.getDouble(row);
      case LongColumn wholes -> wholes.getLong(row);
      default -> Double.NaN;
    };
  }

  /** A cell as a category is called. */
  static String text(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "–";
    }
    return switch (column) {
      case DoubleColumn reals -> Look.tick(reals.getDouble(row));
      default -> column.getString(row);
    };
  }

  /** Whether a number can be drawn on an axis. */
  static boolean isDrawn(double number, boolean logarithmic) {
    return logarithmic ? number >= Double.MIN_NORMAL && number <= MOST : Math.abs(number) <= MOST;
  }
}
