package rwkv.plugin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.Table;

/**
 * What a probe found.
 *
 * @param tables each with a name of its own; not to be changed
 * @param charts of columns of the tables
 * @param figures the few numbers that sum it up, by name, as in {@code accuracy}
 * @param verdict the answer in a sentence; empty while there is none
 */
public record ProbeResult(
    List<Table> tables, List<Chart> charts, Map<String, Double> figures, String verdict) {

  /** Nothing yet. */
  public static final ProbeResult EMPTY = new ProbeResult(List.of(), List.of(), Map.of(), "");

  public ProbeResult {
    tables = List.copyOf(tables);
    charts = List.copyOf(charts);
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /**
   * The table of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Table table(String name) {
    return tables.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no table " + name));
  }
}
