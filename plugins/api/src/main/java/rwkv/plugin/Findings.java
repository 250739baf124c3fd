package rwkv.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a probe has found so far. It is filled by one thread and may be looked at by others at any
 * time.
 */
public final class Findings {

  private final Object lock = new Object();
  private final Runnable changed;
  private final Map<String, Rows> tables = new LinkedHashMap<>();
  private final Map<String, Chart> charts = new LinkedHashMap<>();
  private final Map<String, Double> figures = new LinkedHashMap<>();

  /**
   * @param changed runs after each change, on the thread that made it
   */
  public Findings(Runnable changed) {
    this.changed = changed;
  }

  /**
   * A new table.
   *
   * @param name as in {@code recall}; names the file that it is saved in
   * @throws IllegalArgumentException if there is one of that name, or two columns are alike
   */
  public Rows table(String name, TableColumn... columns) {
    Rows rows = new Rows(name, List.of(columns), lock, changed);
    synchronized (lock) {
      if (tables.putIfAbsent(name, rows) != null) {
        throw new IllegalArgumentException("there is a table " + name + " already");
      }
    }
    changed.run();
    return rows;
  }

  /**
   * A chart of a table's columns; it grows with the table. One of the same title is replaced.
   *
   * @throws IllegalArgumentException if there is no such table, or it has no such column
   */
  public void chart(Chart chart) {
    synchronized (lock) {
      Rows rows = tables.get(chart.table());
      if (rows == null) {
        throw new IllegalArgumentException("there is no table " + chart.table());
      }
      for (String column : chart.columns()) {
        if (!rows.has(column)) {
          throw new IllegalArgumentException(
              "table %s has no column %s".formatted(chart.table(), column));
        }
      }
      charts.put(chart.title(), chart);
    }
    changed.run();
  }

  /** One of the few numbers that sum it up; the last one of a name counts. */
  public void figure(String name, double value) {
    synchronized (lock) {
      figures.put(name, value);
    }
    changed.run();
  }

  /**
   * All that is there, copied.
   *
   * @param verdict the answer in a sentence
   */
  public ProbeResult result(String verdict) {
    synchronized (lock) {
      return new ProbeResult(
          tables.values().stream().map(Rows::copy).toList(),
          new ArrayList<>(charts.values()),
          figures,
          verdict);
    }
  }
}
