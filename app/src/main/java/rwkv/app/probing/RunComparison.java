package rwkv.app.probing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Whether a run found the same as another, to the bit. Of a run that did not come to its end, the
 * rows that it had are compared.
 */
public final class RunComparison {

  private final List<String> differences = new ArrayList<>();
  private long cells;
  private long different;
  private double largest = -1;
  private String where = "";

  private RunComparison() {}

  /** Compares what was found with what is found now. */
  public static RunComparison of(ProbeRun was, ProbeRun now) {
    RunComparison comparison = new RunComparison();
    comparison.compare(was.result(), now.result(), was.state() == RunState.DONE);
    return comparison;
  }

  public boolean isSame() {
    return differences.isEmpty() && different == 0;
  }

  /** Numbers and texts that were compared. */
  public long cells() {
    return cells;
  }

  /** What is different, in sentences; empty if nothing is. */
  public List<String> differences() {
    List<String> all = new ArrayList<>(differences);
    if (different > 0) {
      String size = largest < 0 ? "" : ", by %s".formatted(largest);
      all.add(
          "%d of %d cells are different, most of all %s%s."
              .formatted(different, cells, where, size));
    }
    return all;
  }

  private void compare(ProbeResult was, ProbeResult now, boolean isWhole) {
    for (Table table : was.tables()) {
      now.tables().stream()
          .filter(other -> other.name().equals(table.name()))
          .findFirst()
          .ifPresentOrElse(
              other -> compare(table, other, isWhole),
              () -> differences.add("There is no table %s.".formatted(table.name())));
    }
    if (isWhole && now.tables().size() != was.tables().size()) {
      differences.add(
          "There are %d tables, expected %d.".formatted(now.tables().size(), was.tables().size()));
    }
    if (isWhole) {
      compare(was.figures(), now.figures());
    }
  }

  private void compare(Table was, Table now, boolean isWhole) {
    if (!was.columnNames().equals(now.columnNames())) {
      differences.add(
          "Table %s has the columns %s, expected %s."
              .formatted(was.name(), now.columnNames(), was.columnNames()));
      return;
    }
    boolean fits = isWhole ? now.rowCount() == was.rowCount() : now.rowCount() >= was.rowCount();
    if (!fits) {
      differences.add(
          "Table %s has %d rows, expected %d."
              .formatted(was.name(), now.rowCount(), was.rowCount()));
    }
    int rows = Math.min(was.rowCount(), now.rowCount());
    for (int c = 0; c < was.columnCount(); c++) {
      for (int row = 0; row < rows; row++) {
        compare(was.column(c), now.column(c), row, was.name());
      }
    }
  }

  private void compare(Column<?> was, Column<?> now, int row, String table) {
    String place = "row %d of %s in table %s".formatted(row + 1, was.name(), table);
    switch (was) {
      case DoubleColumn reals when now instanceof DoubleColumn others ->
          compare(reals.getDouble(row), others.getDouble(row), place);
      case LongColumn wholes when now instanceof LongColumn others ->
          compare(wholes.getLong(row), others.getLong(row), place);
      default -> compare(was.getString(row).equals(now.getString(row)), -1, place);
    }
  }

  private void compare(Map<String, Double> was, Map<String, Double> now) {
    was.forEach((name, value) -> {
      Double other = now.get(name);
      if (other == null) {
        differences.add("There is no figure %s.".formatted(name));
      } else {
        compare(value, other, "figure " + name);
      }
    });
  }

  private void compare(double was, double now, String place) {
    boolean isSame = Double.doubleToLongBits(was) == Double.doubleToLongBits(now);
    double size = Math.abs(was - now);
    compare(isSame, Double.isNaN(size) ? Double.POSITIVE_INFINITY : size, place);
  }

  private void compare(long was, long now, String place) {
    compare(was == now, Math.abs((double) was - now), place);
  }

  private void compare(boolean isSame, double size, String place) {
    cells++;
    if (!isSame) {
      if (different == 0 || size > largest) {
        largest = size;
        where = place;
      }
      different++;
    }
  }
}
