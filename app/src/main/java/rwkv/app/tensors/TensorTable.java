package rwkv.app.tensors;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.beans.property.BooleanProperty;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PictureMenu;
import rwkv.app.tensors.TensorsViewModel.Order;

/** The list of tensors; its order is made by the view model. */
final class TensorTable extends TableView<TensorRow> {

  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private static final Map<TensorColumn, Double> WIDTHS =
      new EnumMap<>(
          Map.of(
              TensorColumn.NAME, 236.0,
              TensorColumn.SHAPE, 78.0,
              TensorColumn.TYPE, 46.0,
              TensorColumn.BYTES, 66.0,
              TensorColumn.MIN, 76.0,
              TensorColumn.MAX, 76.0,
              TensorColumn.MEAN, 78.0,
              TensorColumn.DEVIATION, 76.0,
              TensorColumn.HISTOGRAM, 100.0));

  private final TensorsViewModel model;

  TensorTable(TensorsViewModel model, BooleanProperty logarithmic) {
    this.model = model;
    setId("tensorTable");
    getStyleClass().addAll("tensor-table", "dense", "striped");
    setPlaceholder(new Label("No tensor fits the filter"));
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
    for (TensorColumn column : TensorColumn.values()) {
      getColumns().add(column(column, logarithmic));
    }
    setSortPolicy(_ -> sort(model));
    setItems(model.shown());
    setFixedCellSize(24);
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    getSelectionModel().selectedItemProperty().subscribe(this::selected);
    model.selectedProperty().subscribe(this::select);
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (COPY.match(event)) {
            copy();
            event.consume();
          }
        });
  }

  private static TableColumn<TensorRow, TensorEntry> column(
      TensorColumn column, BooleanProperty logarithmic) {
    TableColumn<TensorRow, TensorEntry> made = new TableColumn<>();
    Label title = new Label(column.title());
    title.setTooltip(new Tooltip(column.meaning()));
    made.setGraphic(title);
    made.setUserData(column);
    double width = WIDTHS.getOrDefault(column, 80.0);
    // On a wide screen names and histograms get the room.
    if (column != TensorColumn.NAME && column != TensorColumn.HISTOGRAM) {
      made.setMaxWidth(1.3 * width);
    }
    if (column.isNumeric()) {
      made.getStyleClass().add("numeric-column");
    }
    made.setId("tensor-" + column.title());
    made.setPrefWidth(width);
    made.setMinWidth(0.7 * width);
    made.setCellValueFactory(row -> row.getValue().entryProperty());
    made.setCellFactory(_ ->
        column == TensorColumn.HISTOGRAM ? new HistogramCell(logarithmic) : new TensorCell(column));
    return made;
  }

  private boolean sort(TensorsViewModel list) {
    list.sort(
        getSortOrder().stream()
            .map(column ->
                new Order(
                    (TensorColumn) column.getUserData(),
                    column.getSortType() == TableColumn.SortType.ASCENDING))
            .toList());
    return true;
  }

  private void selected(@Nullable TensorRow row) {
    if (row != null) {
      model.selectedProperty().set(row);
    }
  }

  private void select(@Nullable TensorRow row) {
    if (row == null) {
      getSelectionModel().clearSelection();
    } else if (getSelectionModel().getSelectedItem() != row && getItems().contains(row)) {
      getSelectionModel().clearAndSelect(getItems().indexOf(row));
      scrollTo(row);
    }
  }

  /** Puts the chosen lines into the clipboard, tabs between columns. */
  void copy() {
    PictureMenu.copyText(text(getSelectionModel().getSelectedItems()));
  }

  private static String text(List<TensorRow> rows) {
    return rows.stream().map(row -> line(row.entry())).collect(Collectors.joining("\n"));
  }

  private static String line(TensorEntry entry) {
    return TensorColumn.inWords().stream()
        .map(column -> column.exact(entry))
        .collect(Collectors.joining("\t"));
  }
}
