package rwkv.app.open;

import javafx.geometry.VPos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import rwkv.app.open.ModelCard.Fact;
import rwkv.app.open.ModelCard.Section;

/** A section of the model card; every line can be copied. */
final class FactTable extends VBox {

  FactTable(Section section) {
    getStyleClass().add("fact-table");
    Label title = new Label(section.title());
    title.getStyleClass().add("section-title");
    GridPane grid = new GridPane();
    grid.getStyleClass().add("facts");
    ColumnConstraints labels = new ColumnConstraints(150);
    ColumnConstraints values = new ColumnConstraints();
    values.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().addAll(labels, values, new ColumnConstraints(26));
    int row = 0;
    for (Fact fact : section.facts()) {
      addRow(grid, row++, fact);
    }
    getChildren().addAll(title, grid);
  }

  private static void addRow(GridPane grid, int row, Fact fact) {
    Label label = new Label(fact.label());
    label.getStyleClass().add("fact-label");
    label.setWrapText(true);
    Label value = new Label(fact.value());
    value.getStyleClass().add("fact-value");
    value.setWrapText(true);
    VBox right = new VBox(value);
    if (!fact.note().isEmpty()) {
      Label note = new Label(fact.note());
      note.getStyleClass().add("fact-note");
      note.setWrapText(true);
      right.getChildren().add(note);
    }
    Button copy = new Button();
    copy.setGraphic(new FontIcon(Feather.COPY));
    copy.getStyleClass().addAll("flat", "small-icon", "quiet");
    copy.setTooltip(new Tooltip("Copy “" + fact.text() + "”"));
    copy.setAccessibleText("Copy " + fact.label());
    copy.setOnAction(_ -> copy(fact.value()));
    label.setLabelFor(copy);
    grid.addRow(row, label, right, copy);
    GridPane.setValignment(label, VPos.BASELINE);
    GridPane.setValignment(right, VPos.BASELINE);
    GridPane.setValignment(copy, VPos.TOP);
  }

  private static void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }
}
