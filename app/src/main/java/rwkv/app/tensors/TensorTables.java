package rwkv.app.tensors;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import rwkv.engine.analysis.Histogram;
import rwkv.engine.analysis.MatrixOverview;
import rwkv.engine.analysis.TensorStatistics;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tensors as tables, with all digits. */
public final class TensorTables {

  private TensorTables() {}

  /** A row for every tensor; what is not known is empty. */
  public static Table list(List<TensorEntry> entries) {
    StringColumn name = StringColumn.create("name");
    StringColumn type = StringColumn.create("dtype");
    StringColumn shape = StringColumn.create("shape");
    LongColumn count = LongColumn.create("count");
    LongColumn bytes = LongColumn.create("bytes");
    for (TensorEntry entry : entries) {
      name.append(entry.name());
      type.append(entry.type());
      shape.append(entry.shape().toString());
      count.append(entry.count());
      bytes.append(entry.bytes());
    }
    return Table.create(name, type, shape, count, bytes)
        .addColumns(
            statistic("min", entries, TensorStatistics::min),
            statistic("max", entries, TensorStatistics::max),
            statistic("mean", entries, TensorStatistics::mean),
            statistic("std", entries, TensorStatistics::deviation),
            number("zeros", entries, TensorStatistics::zeros),
            number("nan", entries, TensorStatistics::nan),
            number("infinite", entries, TensorStatistics::infinite));
  }

  private static DoubleColumn statistic(
      String title, List<TensorEntry> entries, ToDoubleFunction<TensorStatistics> value) {
    DoubleColumn column = DoubleColumn.create(title);
    for (TensorEntry entry : entries) {
      @Nullable TensorStatistics statistics = entry.statistics();
      column.append(statistics == null ? Double.NaN : value.applyAsDouble(statistics));
    }
    return column;
  }

  private interface Count {
    long of(TensorStatistics statistics);
  }

  private static LongColumn number(String title, List<TensorEntry> entries, Count value) {
    LongColumn column = LongColumn.create(title);
    for (TensorEntry entry : entries) {
      @Nullable TensorStatistics statistics = entry.statistics();
      if (statistics == null) {
        column.appendMissing();
      } else {
        column.append(value.of(statistics));
      }
    }
    return column;
  }

  /** A row for every range. */
  static Table histogram(Histogram histogram) {
    DoubleColumn from = DoubleColumn.create("from");
    DoubleColumn to = DoubleColumn.create("to");
    LongColumn count = LongColumn.create("count");
    for (int range = 0; range < histogram.size(); range++) {
      from.append(histogram.edge(range));
      to.append(histogram.edge(range + 1));
      count.append(histogram.count(range));
    }
    return Table.create("histogram", from, to, count);
  }

  /** A row for every cell; ends are one past the last. */
  static Table cells(MatrixOverview overview) {
    LongColumn row = LongColumn.create("row");
    LongColumn rowEnd = LongColumn.create("row_end");
    LongColumn column = LongColumn.create("column");
    LongColumn columnEnd = LongColumn.create("column_end");
    DoubleColumn mean = DoubleColumn.create("mean");
    DoubleColumn extreme = DoubleColumn.create("largest_magnitude");
    for (int r = 0; r < overview.rows(); r++) {
      for (int c = 0; c < overview.columns(); c++) {
        row.append(overview.firstRow(r));
        rowEnd.append(overview.firstRow(r + 1));
        column.append(overview.firstColumn(c));
        columnEnd.append(overview.firstColumn(c + 1));
        mean.append(decimal(overview.mean(r, c)));
        extreme.append(decimal(overview.extreme(r, c)));
      }
    }
    return Table.create("cells", row, rowEnd, column, columnEnd, mean, extreme);
  }

  /** As a float is written, not with the digits that a double would add. */
  private static double decimal(float x) {
    return Double.parseDouble(Float.toString(x));
  }
}
