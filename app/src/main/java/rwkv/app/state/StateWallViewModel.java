package rwkv.app.state;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.chart.Numbers;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.session.StateLayout;

/**
 * What the state wall says: about the number under the mouse, its scale, and what it cannot show.
 */
public final class StateWallViewModel {

  private static final String HINT = "hover for numbers; click or arrow keys choose a head";

  private final ReadOnlyStringWrapper readout = new ReadOnlyStringWrapper(HINT);
  private final ReadOnlyStringWrapper missing = new ReadOnlyStringWrapper("no model is open");
  private final ShownState state;
  private PlaceCursor cursor = new PlaceCursor();
  private boolean hovering;
  private int layer;
  private int head;
  private int i;
  private int j;
  private int rowBlock;
  private int block;

  StateWallViewModel(ShownState state) {
    this.state = state;
  }

  /** The number under the mouse, or what one can do; for the line under the wall and the status. */
  public ReadOnlyStringProperty readoutProperty() {
    return readout.getReadOnlyProperty();
  }

  /** Why there is no wall, in words; empty if there is one. */
  public ReadOnlyStringProperty missingProperty() {
    return missing.getReadOnlyProperty();
  }

  void bind(PlaceCursor shared) {
    cursor = shared;
  }

  PlaceCursor cursor() {
    return cursor;
  }

  Place place() {
    return cursor.place();
  }

  ShownState state() {
    return state;
  }

  /** Another model has been opened. */
  void opened() {
    missing.set(state.isThere() ? "" : "this model keeps nothing that could be shown here");
    leave();
  }

  /**
   * The mouse is over values.
   *
   * @param firstRow the first row (value dimension) under it
   * @param firstColumn the first column (key dimension)
   * @param rowsUnder how many rows are under it
   * @param under how many columns are under it
   */
  void hover(int overLayer, int overHead, int firstRow, int firstColumn, int rowsUnder, int under) {
    hovering = true;
    layer = overLayer;
    head = overHead;
    i = firstRow;
    j = firstColumn;
    rowBlock = rowsUnder;
    block = under;
    refresh();
  }

  /** The mouse is over no value. */
  void leave() {
    hovering = false;
    readout.set(HINT);
  }

  /** The numbers may have changed. */
  void refresh() {
    if (!hovering) {
      return;
    }
    StateLayout layout = state.layout();
    int at =
        TilePainter.largest(
            state.layer(layer),
            state.offset(head),
            layout.rows(),
            layout.columns(),
            i,
            j,
            rowBlock,
            block);
    int cell = at - state.offset(head);
    float value = state.layer(layer)[at];
    String words =
        "%s, %s, %s: %s"
            .formatted(
                layout.hasHeads() ? new Place(layer, head).toString() : "L" + layer,
                layout.rowName(cell / layout.columns()),
                layout.columnName(head, cell % layout.columns()),
                Numbers.significant(value, 3));
    boolean single = block == 1 && rowBlock == 1;
    readout.set(single ? words : words + ", the largest of %dx%d".formatted(rowBlock, block));
  }

  /**
   * What stands beside the wall: what its tiles are where they are no heads, and what is skipped.
   */
  String note(String skipped) {
    StateLayout layout = state.layout();
    String what =
        switch (layout.kind()) {
          case MATRIX -> "";
          case PAIR -> "no heads: %d channels each; rows a, b and a/b".formatted(layout.columns());
          case SHIFT -> "no WKV state: token shifts " + String.join(", ", layout.rowNames());
        };
    return what.isEmpty() || skipped.isEmpty() ? what + skipped : what + "; " + skipped;
  }

  /** What the wall is called. */
  String title() {
    return switch (state.layout().kind()) {
      case MATRIX -> "State of every head";
      case PAIR -> "State of every channel";
      case SHIFT -> "Token-shift state of every channel";
    };
  }

  /** What the wall shows: model, token, scale. */
  String caption() {
    Place place = place();
    String limit = Numbers.shortest(state.limit(place.layer(), place.head()));
    return "%s of %s after %s tokens; strongest colours at ±%s, %s."
        .formatted(
            title(), state.modelName(), Numbers.count(state.position()), limit, scaleWords());
  }

  /** What the scale is, in words. */
  String scaleWords() {
    String since = state.scaleSince() > 0 ? ", since token " + state.scaleSince() : "";
    return switch (state.mode()) {
      case SHARED -> "one scale" + since;
      case PER_HEAD -> "own scales: do not compare heads";
      case ROBUST -> "99 % are within" + since;
    };
  }
}
