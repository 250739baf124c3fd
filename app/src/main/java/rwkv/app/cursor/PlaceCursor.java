package rwkv.app.cursor;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The place cursor: one head, within the model's bounds. */
public final class PlaceCursor {

  private final ReadOnlyObjectWrapper<Place> place = new ReadOnlyObjectWrapper<>(new Place(0, 0));
  private int layers = 1;
  private int heads = 1;

  /** The chosen head. */
  public ReadOnlyObjectProperty<Place> placeProperty() {
    return place.getReadOnlyProperty();
  }

  public Place place() {
    return place.get();
  }

  /** A model of this shape is open now; the cursor stays where it is if there is such a place. */
  public void bounds(int layerCount, int headCount) {
    layers = Math.max(1, layerCount);
    heads = Math.max(1, headCount);
    moveTo(place.get().layer(), place.get().head());
  }

  /** Goes to the nearest place within the model. */
  public void moveTo(int layer, int head) {
    place.set(new Place(Math.clamp(layer, 0, layers - 1), Math.clamp(head, 0, heads - 1)));
  }

  /** Goes so many layers down and heads to the right. */
  public void moveBy(int layersDown, int headsRight) {
    moveTo(place.get().layer() + layersDown, place.get().head() + headsRight);
  }
}
