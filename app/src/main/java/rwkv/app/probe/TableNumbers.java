package rwkv.app.probe;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import rwkv.app.chart.PictureMenu;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The rows of a table, sorted as one likes; what is sorted stays sorted while rows come. */
final class TableNumbers extends TableView<Integer> {

  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private final ObservableList<Integer> rows = FXCollections.observableArrayList();
  private Table table = Table.create("nothing");

  TableNumbers() {
    setId("probeTable");
    getStyleClass().addAll("probe-table", "dense", "striped");
    setPlaceholder(new Label("No rows yet"));
    setFixedCellSize(23);
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    SortedList<Integer> sorted = new SortedList<>(rows);
    sorted.comparatorProperty().bind(comparatorProperty());
    setItems(sorted);
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (COPY.match(event)) {
            copy(getSelectionModel().getSelectedItems());
            event.consume();
          }
        });
  }

  /** The table as it is now. */
  Table table() {
    return table;
  }

  /** Shows a table, or more rows of the one that is shown. */
  void show(Table next) {
    boolean isSame =
        next.name().equals(table.name()) && next.columnNames().equals(table.columnNames());
    boolean grows = isSame && next.rowCount() >= rows.size();
    table = next;
    if (!isSame) {
      getColumns().clear();
      rows.clear();
      for (int c = 0; c < next.columnCount(); c++) {
        getColumns().add(column(c));
      }
    }
    if (!grows) {
      rows.clear();
    }
    rows.addAll(IntStream.range(rows.size(), next.rowCount()).boxed().toList());
    refresh();
  }

  private TableColumn<Integer, Cell> column(int index) {
    Column<?> column = table.column(index);
    TableColumn<Integer, Cell> made = new TableColumn<>(column.name());
    made.setPrefWidth(Math.max(90, 7.5 * column.name().length() + 24));
    if (column instanceof NumericColumn<?>) {
      made.getStyleClass().add("numeric-column");
    }
    made.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(cell(index, row.getValue())));
    return made;
  }

  private Cell cell(int column, int row) {
    Column<?> of = table.column(column);
    return row >= table.rowCount()
        ? new Cell(Double.NaN, "")
        : new Cell(Cells.number(of, row), Cells.text(of, row));
  }

  /** A number, or a text with no number. */
  private record Cell(double number, String text) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int byNumber = Double.compare(number, other.number);
      return byNumber != 0 ? byNumber : text.compareTo(other.text);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Puts all rows into the clipboard, as they are sorted. */
  void copyAll() {
    copy(getItems());
  }

  /** Puts rows into the clipboard after a line of names, with tabs between columns. */
  private void copy(List<Integer> copied) {
    String lines =
        copied.stream()
            .map(row ->
                table.columns().stream()
                    .map(column -> Cells.text(column, row))
                    .collect(Collectors.joining("\t")))
            .collect(Collectors.joining("\n"));
    PictureMenu.copyText(String.join("\t", table.columnNames()) + "\n" + lines);
  }
}
