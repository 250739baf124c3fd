package rwkv.app.truth;

import java.util.function.Function;
import javafx.scene.control.TableCell;
import org.jspecify.annotations.Nullable;
import rwkv.engine.verify.SiteError;

/** A value as text, in a number's typeface. */
final class TextCell<T> extends TableCell<SiteError, T> {

  private final Function<T, String> text;

  TextCell(Function<T, String> text) {
    this.text = text;
    getStyleClass().add("number");
  }

  @Override
  protected void updateItem(@Nullable T item, boolean empty) {
    super.updateItem(item, empty);
    setText(empty || item == null ? null : text.apply(item));
  }
}
