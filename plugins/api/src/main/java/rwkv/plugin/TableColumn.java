package rwkv.plugin;

import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.columns.Column;

/**
 * A column of a table.
 *
 * @param name with its unit, where it has one, as in {@code half-life (tokens)}
 */
public record TableColumn(String name, Kind kind) {

  /** What its cells hold. */
  public enum Kind {
    TEXT,
    WHOLE,
    REAL
  }

  /** Of texts. */
  public static TableColumn text(String name) {
    return new TableColumn(name, Kind.TEXT);
  }

  /** Of whole numbers. */
  public static TableColumn whole(String name) {
    return new TableColumn(name, Kind.WHOLE);
  }

  /** Of numbers. */
  public static TableColumn real(String name) {
    return new TableColumn(name, Kind.REAL);
  }

  Column<?> create() {
    return switch (kind) {
      case TEXT -> StringColumn.create(name);
      case WHOLE -> LongColumn.create(name);
      case REAL -> DoubleColumn.create(name);
    };
  }
}
