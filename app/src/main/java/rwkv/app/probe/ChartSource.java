package rwkv.app.probe;

import java.util.List;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table that is drawn.
 *
 * @param label of the run that it is of
 */
record ChartSource(String label, Table table) {

  static List<Column<?>> columns(List<ChartSource> sources, String name) {
    return sources.stream().<Column<?>>map(source -> source.table.column(name)).toList();
  }
}
