package rwkv.app.probing;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Chart;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What a probe returned, with what can be relied on. */
final class ResultCheck {

  private ResultCheck() {}

  /**
   * A copy whose tables have columns of texts, whole numbers and numbers, and whose charts have the
   * columns that they need.
   *
   * @throws ProbeException if it is no result
   */
  static ProbeResult checked(@Nullable ProbeResult result) {
    if (result == null) {
      throw new ProbeException("it gave no result");
    }
    Map<String, Table> tables = new HashMap<>();
    List<Table> plain = result.tables().stream().map(ResultCheck::plain).toList();
    for (Table table : plain) {
      if (tables.put(table.name(), table) != null) {
        throw new ProbeException("it gave two tables called '%s'".formatted(table.name()));
      }
    }
    result.charts().forEach(chart -> check(chart, tables));
    return new ProbeResult(plain, result.charts(), result.figures(), result.verdict());
  }

  private static void check(Chart chart, Map<String, Table> tables) {
    Table table = tables.get(chart.table());
    if (table == null || !chart.columns().stream().allMatch(table::containsColumn)) {
      throw new ProbeException(
          "its chart '%s' is of columns that table %s does not have"
              .formatted(chart.title(), chart.table()));
    }
  }

  /**
   * A run whose charts have the columns that they need.
   *
   * @throws IOException in a sentence, if they do not
   */
  static ProbeRun requireColumns(ProbeRun run, String where) throws IOException {
    try {
      checked(run.result());
      return run;
    } catch (ProbeException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  private static Table plain(Table table) {
    return Table.create(
        table.name(), table.columns().stream().map(ResultCheck::plain).toArray(Column[]::new));
  }

  private static Column<?> plain(Column<?> column) {
    return switch (column) {
      case StringColumn texts -> texts.copy();
      case LongColumn wholes -> wholes.copy();
      case DoubleColumn reals -> reals.copy();
      case NumericColumn<?> numbers -> DoubleColumn.create(column.name(), numbers.asDoubleArray());
      default -> StringColumn.create(column.name(), column.asStringColumn().asObjectArray());
    };
  }
}
