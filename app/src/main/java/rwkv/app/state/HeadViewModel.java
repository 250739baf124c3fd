package rwkv.app.state;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.chart.Numbers;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.analysis.StateSize;
import rwkv.engine.session.Event;
import rwkv.engine.session.StateLayout;

/** One head in numbers and words: its state, the value under the mouse, its size and movement. */
public final class HeadViewModel {

  private static final String HINT = "hover for values";

  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper readout = new ReadOnlyStringWrapper(HINT);
  private final ReadOnlyStringWrapper rms = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper max = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper change = new ReadOnlyStringWrapper("");
  private ShownState state;
  private PlaceCursor cursor = new PlaceCursor();
  private DynamicsHistory history = new DynamicsHistory(0);
  private int i = -1;
  private int j = -1;
  private String lastValue = "";

  HeadViewModel(ShownState state) {
    this.state = state;
  }

  /** As in "Head L2 H1". */
  public ReadOnlyStringProperty titleProperty() {
    return title.getReadOnlyProperty();
  }

  /** The value under the mouse with six digits, or what one can do. */
  public ReadOnlyStringProperty readoutProperty() {
    return readout.getReadOnlyProperty();
  }

  /** Root mean square of the head's state. */
  public ReadOnlyStringProperty rmsProperty() {
    return rms.getReadOnlyProperty();
  }

  /** Largest magnitude in the head's state. */
  public ReadOnlyStringProperty maxProperty() {
    return max.getReadOnlyProperty();
  }

  /** Relative change by the last token. */
  public ReadOnlyStringProperty changeProperty() {
    return change.getReadOnlyProperty();
  }

  ShownState state() {
    return state;
  }

  void share(ShownState shared) {
    state = shared;
  }

  void bind(PlaceCursor shared) {
    cursor = shared;
  }

  Place place() {
    return cursor.place();
  }

  /** The head's place in a list over all layers. */
  int index() {
    return place().layer() * state.heads() + place().head();
  }

  DynamicsHistory history() {
    return history;
  }

  /** Another model has been opened. */
  void opened(int layers, int heads) {
    history = new DynamicsHistory(layers * heads);
    refresh();
  }

  void restart() {
    history.clear();
    refresh();
  }

  void back(int position) {
    history.back(position);
    refresh();
  }

  void token(Event.Token token) {
    history.add(token.position(), token.dynamics());
  }

  /** The mouse is over value dimension {@code row} and key dimension {@code column}. */
  void hover(int row, int column) {
    i = row;
    j = column;
    readOut();
  }

  /** The mouse is over no value. */
  void leave() {
    i = -1;
    j = -1;
    readOut();
  }

  /** The value dimension under the mouse, or -1. */
  int row() {
    return i;
  }

  /** The key dimension under the mouse, or -1. */
  int column() {
    return j;
  }

  private boolean isThere() {
    return state.isThere() && place().layer() < state.layers() && place().head() < state.heads();
  }

  private float value() {
    return state.value(place().layer(), place().head(), i, j);
  }

  private void readOut() {
    StateLayout layout = state.layout();
    boolean over = isThere() && i >= 0 && i < layout.rows() && j < layout.columns();
    if (over) {
      lastValue = Float.toString(value());
    }
    readout.set(
        over
            ? "%s, %s: %s"
                .formatted(
                    layout.rowName(i),
                    layout.columnName(place().head(), j),
                    Numbers.significant(value(), 6))
            : HINT);
  }

  /** Numbers or place have changed. */
  void refresh() {
    title.set(title(state.layout()));
    readOut();
    if (!isThere()) {
      rms.set("");
      max.set("");
      change.set("");
      return;
    }
    int layer = place().layer();
    int skipped = state.layout().firstMeasuredRow() * state.columns();
    int count = state.layout().panel() - skipped;
    float[] values = state.layer(layer);
    int from = state.offset(place().head()) + skipped;
    rms.set(Numbers.significant(StateSize.rms(values, from, count), 4));
    max.set(Numbers.significant(StateSize.max(values, from, count), 4));
    boolean known = history.size() > 0;
    float moved = known ? history.change(history.size() - 1, index()) : 0;
    change.set(known ? Numbers.significant(100 * moved, 3) + " %" : "–");
  }

  private String title(StateLayout layout) {
    return layout.hasHeads()
        ? "Head " + place()
        : "L%d, %s".formatted(place().layer(), layout.groupName(place().head()));
  }

  /** The value last under the mouse, with all its digits. */
  String lastValue() {
    return lastValue;
  }

  /** What the view shows: model, head, token, scale. */
  String caption() {
    String limit = Numbers.shortest(state.limit(place().layer(), place().head()));
    return "State of %s of %s after %s tokens; strongest colours at ±%s."
        .formatted(
            title(state.layout()), state.modelName(), Numbers.count(state.position()), limit);
  }

  /** What copying gives: the number under the mouse, or the whole matrix if there is none. */
  String copied() {
    return i >= 0 && isThere() ? lastValue : matrix();
  }

  /** The head's state, a line for every row (value dimension), tabs between its columns. */
  String matrix() {
    StringBuilder text = new StringBuilder();
    for (int row = 0; isThere() && row < state.rows(); row++) {
      for (int column = 0; column < state.columns(); column++) {
        text.append(column == 0 ? "" : "\t")
            .append(state.value(place().layer(), place().head(), row, column));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
