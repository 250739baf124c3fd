package rwkv.app.state;

import rwkv.app.cursor.Place;
import rwkv.engine.session.StateLayout;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** States as tables: a row for every value. */
final class StateTables {

  /** Of more values than this, only the chosen layer is exported. */
  static final long MOST = 1 << 20;

  private StateTables() {}

  /** All heads, or the chosen layer's if there would be more than {@link #MOST} rows. */
  static Table wall(ShownState state, Place place) {
    long all = (long) state.layers() * state.layout().count();
    Rows rows = new Rows(state.layout());
    for (int layer = 0; layer < state.layers(); layer++) {
      for (int head = 0; head < state.heads() && (all <= MOST || layer == place.layer()); head++) {
        rows.add(state, layer, head);
      }
    }
    return rows.table;
  }

  /** One head. */
  static Table head(ShownState state, Place place) {
    Rows rows = new Rows(state.layout());
    rows.add(state, place.layer(), place.head());
    return rows.table;
  }

  /** RMS and change of one head after the last tokens. */
  static Table past(DynamicsHistory history, int head) {
    IntColumn token = IntColumn.create("token");
    DoubleColumn rms = DoubleColumn.create("rms");
    DoubleColumn change = DoubleColumn.create("change");
    for (int index = 0; index < history.size(); index++) {
      token.append(history.position(index));
      rms.append(history.rms(index, head));
      change.append(history.change(index, head));
    }
    return Table.create(token, rms, change);
  }

  private static final class Rows {
    private final IntColumn layers = IntColumn.create("layer");
    private final IntColumn heads = IntColumn.create("head");
    private final IntColumn rows = IntColumn.create("value_dimension");
    private final StringColumn rowNames = StringColumn.create("what");
    private final IntColumn columns;
    private final DoubleColumn values = DoubleColumn.create("value");
    private final Table table;

    /** Where there are no heads, a row has a name and a column is a channel of the layer. */
    Rows(StateLayout layout) {
      boolean named = !layout.rowNames().isEmpty();
      columns = IntColumn.create(layout.hasHeads() ? "key_dimension" : "channel");
      table =
          named
              ? Table.create(layers, rowNames, columns, values)
              : Table.create(layers, heads, rows, columns, values);
    }

    void add(ShownState state, int layer, int head) {
      StateLayout layout = state.layout();
      int first = layout.hasHeads() ? 0 : head * layout.columns();
      for (int i = 0; i < layout.rows(); i++) {
        for (int j = 0; j < layout.columns(); j++) {
          layers.append(layer);
          heads.append(head);
          rows.append(i);
          rowNames.append(layout.rowName(i));
          columns.append(first + j);
          values.append(Double.parseDouble(Float.toString(state.value(layer, head, i, j))));
        }
      }
    }
  }
}
