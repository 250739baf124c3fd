package rwkv.app.tensors;

import javafx.beans.property.BooleanProperty;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.TableCell;
import org.jspecify.annotations.Nullable;

/** The histogram of one tensor in the list. */
final class HistogramCell extends TableCell<TensorRow, TensorEntry> {

  private final HistogramStrip strip = new HistogramStrip();
  private final BooleanProperty logarithmic;

  HistogramCell(BooleanProperty logarithmic) {
    this.logarithmic = logarithmic;
    getStyleClass().add("histogram-cell");
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    strip.prefWidthProperty().bind(widthProperty().subtract(12));
    logarithmic.subscribe(_ -> show(getItem()));
  }

  @Override
  protected void updateItem(@Nullable TensorEntry entry, boolean isEmpty) {
    super.updateItem(entry, isEmpty);
    setGraphic(isEmpty ? null : strip);
    show(isEmpty ? null : entry);
  }

  private void show(@Nullable TensorEntry entry) {
    strip.show(entry == null ? null : entry.statistics(), logarithmic.get());
  }
}
