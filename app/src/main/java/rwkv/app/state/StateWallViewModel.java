package rwkv.app.state;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.chart.Numbers;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;

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
    missing.set(
        state.isMatrix()
            ? ""
            : "the state of this model is not one matrix per head, so there is no wall of"
                + " matrices");
    leave();
  }

  /**
   * The mouse is over values.
   *
   * @param firstRow the first value dimension under it
   * @param firstColumn the first key dimension
   * @param under how many rows and columns are under it
   */
  void hover(int overLayer, int overHead, int firstRow, int firstColumn, int under) {
    hovering = true;
    layer = overLayer;
    head = overHead;
    i = firstRow;
    j = firstColumn;
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
    int size = state.size();
    int at = TilePainter.largest(state.layer(layer), state.offset(head), size, i, j, block);
    int cell = at - state.offset(head);
    float value = state.layer(layer)[at];
    String words =
        "%s, value i=%d, key j=%d: %s"
            .formatted(
                new Place(layer, head), cell / size, cell % size, Numbers.significant(value, 3));
    readout.set(block == 1 ? words : words + ", the largest of %1$dx%1$d".formatted(block));
  }

  /** What the wall shows: model, token, scale. */
  String caption() {
    Place place = place();
    String limit = Numbers.shortest(state.limit(place.layer(), place.head()));
    return "WKV state of every head of %s after %s tokens; strongest colours at ±%s, %s."
        .formatted(state.modelName(), Numbers.count(state.position()), limit, scaleWords());
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
