package rwkv.app.probe;

import java.util.List;
import java.util.stream.Collectors;
import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PictureMenu;

/** The runs, the newest first; several may be chosen. */
final class RunList extends TableView<ProbeRunViewModel> {

  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private final ProbesViewModel model;
  private boolean following;

  RunList(ProbesViewModel model) {
    this.model = model;
    setId("probeRuns");
    getStyleClass().addAll("probe-runs", "dense");
    setPlaceholder(new Label("No runs yet: choose a probe and run it"));
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    setFixedCellSize(24);
    for (RunColumn column : RunColumn.values()) {
      getColumns().add(column(column));
      if (column == RunColumn.STATE) {
        getColumns().add(progress());
      }
    }
    setItems(model.runs());
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    getSelectionModel()
        .getSelectedItems()
        .addListener((ListChangeListener<ProbeRunViewModel>) _ -> selected());
    model.chosen().addListener((ListChangeListener<ProbeRunViewModel>) _ -> select());
    select();
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (COPY.match(event)) {
            PictureMenu.copyText(text(getSelectionModel().getSelectedItems()));
            event.consume();
          }
        });
  }

  private static String text(List<ProbeRunViewModel> runs) {
    return runs.stream()
        .map(run ->
            List.of(RunColumn.values()).stream()
                .map(column -> column.text(run))
                .collect(Collectors.joining("\t")))
        .collect(Collectors.joining("\n"));
  }

  private void selected() {
    List<ProbeRunViewModel> now = List.copyOf(getSelectionModel().getSelectedItems());
    if (!following && !now.equals(model.chosen())) {
      following = true;
      model.chosen().setAll(now);
      following = false;
    }
  }

  private void select() {
    if (following) {
      return;
    }
    following = true;
    getSelectionModel().clearSelection();
    model.chosen().forEach(run -> getSelectionModel().select(run));
    following = false;
  }

  private static TableColumn<ProbeRunViewModel, String> column(RunColumn column) {
    TableColumn<ProbeRunViewModel, String> made = new TableColumn<>();
    Label title = new Label(column.title());
    title.setTooltip(new Tooltip(column.meaning()));
    made.setGraphic(title);
    made.setSortable(false);
    made.setPrefWidth(column.width());
    made.setMinWidth(
        (column == RunColumn.WHEN || column == RunColumn.TIME ? 0.95 : 0.6) * column.width());
    // On a wide screen settings and verdict get the room.
    if (column != RunColumn.SETTINGS && column != RunColumn.VERDICT) {
      made.setMaxWidth(1.4 * column.width());
    }
    made.setCellValueFactory(
        row -> row.getValue().revisionProperty().map(_ -> column.text(row.getValue())));
    made.setCellFactory(_ -> new WordsCell());
    return made;
  }

  private static TableColumn<ProbeRunViewModel, Double> progress() {
    TableColumn<ProbeRunViewModel, Double> made = new TableColumn<>();
    made.setSortable(false);
    made.setPrefWidth(44);
    made.setMinWidth(36);
    made.setMaxWidth(64);
    made.setCellValueFactory(
        row -> row.getValue().revisionProperty().map(_ -> row.getValue().done()));
    made.setCellFactory(_ -> new ProgressCell());
    return made;
  }

  /** What may be longer than its place is told in full. */
  private static final class WordsCell extends TableCell<ProbeRunViewModel, String> {
    private final Tooltip tooltip = new Tooltip();

    WordsCell() {
      tooltip.setWrapText(true);
      tooltip.setMaxWidth(520);
    }

    @Override
    protected void updateItem(@Nullable String words, boolean isEmpty) {
      super.updateItem(words, isEmpty);
      setText(isEmpty ? null : words);
      tooltip.setText(words);
      setTooltip(isEmpty || words == null || words.isEmpty() ? null : tooltip);
    }
  }

  private static final class ProgressCell extends TableCell<ProbeRunViewModel, Double> {
    private final ProgressBar bar = new ProgressBar();

    ProgressCell() {
      bar.setMaxWidth(Double.MAX_VALUE);
    }

    @Override
    protected void updateItem(@Nullable Double share, boolean isEmpty) {
      super.updateItem(share, isEmpty);
      ProbeRunViewModel run = isEmpty ? null : getTableRow().getItem();
      setGraphic(run == null || !run.isRunning() ? null : bar);
      bar.setProgress(share == null ? 0 : share);
    }
  }
}
