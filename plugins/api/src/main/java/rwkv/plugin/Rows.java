package rwkv.plugin;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Where a probe puts the rows of a table; what it has put there can be seen at once. */
public final class Rows {

  private final Object lock;
  private final Runnable changed;
  private final Table table;

  Rows(String name, List<TableColumn> columns, Object lock, Runnable changed) {
    this.lock = lock;
    this.changed = changed;
    this.table =
        Table.create(name, columns.stream().map(TableColumn::create).toArray(Column[]::new));
  }

  /** The table's name. */
  public String name() {
    return table.name();
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column: a text, a whole number or a number as the column has it, or
   *     null for none
   * @throws IllegalArgumentException if there are more or fewer, or of another kind
   */
  public void add(@Nullable Object... cells) {
    synchronized (lock) {
      if (cells.length != table.columnCount()) {
        throw new IllegalArgumentException(
            "%d cells for the %d columns of %s"
                .formatted(cells.length, table.columnCount(), name()));
      }
      for (int c = 0; c < cells.length; c++) {
        check(table.column(c), cells[c]);
      }
      for (int c = 0; c < cells.length; c++) {
        append(table.column(c), cells[c]);
      }
    }
    changed.run();
  }

  private void check(Column<?> column, @Nullable Object cell) {
    boolean fits =
        switch (column) {
          case StringColumn _ -> cell == null || cell instanceof String;
          case LongColumn _ -> cell == null || cell instanceof Integer || cell instanceof Long;
          default -> cell == null || cell instanceof Number;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "column %s of %s does not hold %s".formatted(column.name(), name(), cell));
    }
  }

  private static void append(Column<?> column, @Nullable Object cell) {
    if (cell == null) {
      column.appendMissing();
      return;
    }
    switch (column) {
      case StringColumn texts -> texts.append((String) cell);
      case LongColumn wholes -> wholes.append(((Number) cell).longValue());
      case DoubleColumn reals -> reals.append(((Number) cell).doubleValue());
      default -> throw new IllegalStateException(column.name());
    }
  }

  /** A copy of what is there. */
  Table copy() {
    return table.copy();
  }

  boolean has(String column) {
    return table.containsColumn(column);
  }
}
