package rwkv.app.probe;

import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import rwkv.app.probing.ProbeEntry;

/** A probe in the list: its name, what it asks, and why it does not suit the open model. */
final class ProbeCell extends ListCell<ProbeEntry> {

  private final ProbesViewModel model;
  private final Label name = new Label();
  private final Label question = new Label();
  private final VBox both = new VBox(name, question);

  ProbeCell(ProbesViewModel model) {
    this.model = model;
    getStyleClass().add("probe-cell");
    name.getStyleClass().add("probe-name");
    question.getStyleClass().add("note");
    question.setMinWidth(0);
    both.setMinWidth(0);
    both.setPrefWidth(0);
    model.unsuitableProperty().subscribe((_, _) -> show());
  }

  @Override
  protected void updateItem(@Nullable ProbeEntry entry, boolean isEmpty) {
    super.updateItem(entry, isEmpty);
    setGraphic(entry == null ? null : both);
    show();
  }

  private void show() {
    ProbeEntry entry = getItem();
    if (entry != null) {
      String reason = model.unsuitableProperty().get().getOrDefault(entry.id(), "");
      name.setText(entry.name());
      question.setText(reason.isEmpty() ? entry.question() : reason);
      both.setOpacity(reason.isEmpty() ? 1 : 0.55);
      Tooltip tooltip =
          new Tooltip(
              entry.question() + (reason.isEmpty() ? "" : "\n" + reason) + "\n" + entry.origin());
      tooltip.setWrapText(true);
      tooltip.setMaxWidth(420);
      setTooltip(tooltip);
    } else {
      setTooltip(null);
    }
  }
}
