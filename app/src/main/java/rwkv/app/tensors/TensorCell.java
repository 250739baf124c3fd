package rwkv.app.tensors;

import javafx.geometry.Pos;
import javafx.scene.control.TableCell;
import javafx.scene.control.Tooltip;
import org.jspecify.annotations.Nullable;

/** What one column says about one tensor; hovered, with all digits. */
final class TensorCell extends TableCell<TensorRow, TensorEntry> {

  private final TensorColumn column;
  private final Tooltip exact = new Tooltip();

  TensorCell(TensorColumn column) {
    this.column = column;
    getStyleClass().add("tensor-cell");
    setAlignment(column.isNumeric() ? Pos.CENTER_RIGHT : Pos.CENTER_LEFT);
    exact.getStyleClass().add("tensor-tooltip");
  }

  @Override
  protected void updateItem(@Nullable TensorEntry entry, boolean isEmpty) {
    super.updateItem(entry, isEmpty);
    String text = isEmpty || entry == null ? "" : column.text(entry);
    setText(text);
    if (entry == null || text.isEmpty()) {
      setTooltip(null);
    } else {
      exact.setText(entry.problem().isEmpty() ? column.exact(entry) : entry.problem());
      setTooltip(exact);
    }
  }
}
