package rwkv.app.train;

import java.util.Objects;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.SeriesColors;

/** The runs, the newest first. */
final class RunTable extends TableView<RunViewModel> {

  private final RunsViewModel model;
  private Color painted = Color.TRANSPARENT;

  /**
   * @param picture whose colours the runs have
   */
  RunTable(RunsViewModel model, PictureRegion picture) {
    this.model = model;
    setId("runTable");
    getStyleClass().addAll("run-table", "dense");
    setPlaceholder(new Label("No runs yet: choose a task and train"));
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    setFixedCellSize(24);
    getColumns().add(shown(picture));
    for (RunColumn column : RunColumn.values()) {
      getColumns().add(column(column));
      if (column == RunColumn.STATE) {
        getColumns().add(progress());
      }
    }
    setItems(model.runs());
    setRowFactory(_ -> new Row());
    getSelectionModel().selectedItemProperty().subscribe(this::selected);
    model.chosenProperty().subscribe(this::select);
    picture.whenArranged(() -> follow(picture.background()));
  }

  /** The colours of the runs depend on the ground that they are drawn on. */
  private void follow(Color ground) {
    if (!ground.equals(painted)) {
      painted = ground;
      refresh();
    }
  }

  private void selected(@Nullable RunViewModel run) {
    if (run != null) {
      model.chosenProperty().set(run);
    }
  }

  private void select(@Nullable RunViewModel run) {
    if (run != null && getSelectionModel().getSelectedItem() != run) {
      getSelectionModel().select(run);
    }
  }

  private static TableColumn<RunViewModel, String> column(RunColumn column) {
    TableColumn<RunViewModel, String> made = new TableColumn<>();
    Label title = new Label(column.title());
    title.setTooltip(new Tooltip(column.meaning()));
    made.setGraphic(title);
    made.setSortable(false);
    made.setPrefWidth(column.width());
    made.setMinWidth(column.isNumeric() ? column.width() : 0.8 * column.width());
    if (column.isNumeric()) {
      made.getStyleClass().add("numeric-column");
    }
    made.setCellValueFactory(
        row -> row.getValue().revisionProperty().map(_ -> column.text(row.getValue())));
    return made;
  }

  /** A swatch of the run's colour, its number, and whether it is in the pictures. */
  private static TableColumn<RunViewModel, RunViewModel> shown(PictureRegion picture) {
    TableColumn<RunViewModel, RunViewModel> made = new TableColumn<>();
    Label title = new Label("run");
    title.setTooltip(new Tooltip("Number and colour; ticked runs are in the pictures"));
    made.setGraphic(title);
    made.setSortable(false);
    made.setPrefWidth(70);
    made.setMinWidth(70);
    made.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
    made.setCellFactory(_ -> new ShownCell(picture));
    return made;
  }

  private static TableColumn<RunViewModel, Double> progress() {
    TableColumn<RunViewModel, Double> made = new TableColumn<>();
    made.setSortable(false);
    made.setPrefWidth(46);
    made.setMinWidth(36);
    made.setCellValueFactory(row ->
        row.getValue()
            .revisionProperty()
            .map(_ -> (double) row.getValue().steps() / row.getValue().planned()));
    made.setCellFactory(_ -> new ProgressCell());
    return made;
  }

  private static final class Row extends TableRow<RunViewModel> {
    @Override
    protected void updateItem(@Nullable RunViewModel run, boolean isEmpty) {
      super.updateItem(run, isEmpty);
      boolean fine = run == null || run.problem().isEmpty();
      setTooltip(fine ? null : new Tooltip(Objects.requireNonNull(run).problem()));
    }
  }

  private static final class ProgressCell extends TableCell<RunViewModel, Double> {
    private final ProgressBar bar = new ProgressBar();

    ProgressCell() {
      bar.setMaxWidth(Double.MAX_VALUE);
    }

    @Override
    protected void updateItem(@Nullable Double share, boolean isEmpty) {
      super.updateItem(share, isEmpty);
      setGraphic(isEmpty || share == null ? null : bar);
      bar.setProgress(share == null ? 0 : share);
    }
  }

  private static final class ShownCell extends TableCell<RunViewModel, RunViewModel> {
    private final PictureRegion picture;
    private final CheckBox box = new CheckBox();
    private final Region swatch = new Region();
    private @Nullable RunViewModel run;
    private Subscription watching = Subscription.EMPTY;

    ShownCell(PictureRegion picture) {
      this.picture = picture;
      swatch.getStyleClass().add("run-swatch");
      box.setGraphic(swatch);
      box.setOnAction(_ -> {
        if (run != null) {
          run.shownProperty().set(box.isSelected());
        }
      });
    }

    @Override
    protected void updateItem(@Nullable RunViewModel next, boolean isEmpty) {
      super.updateItem(next, isEmpty);
      run = next;
      watching.unsubscribe();
      watching = Subscription.EMPTY;
      setGraphic(next == null ? null : box);
      if (next != null) {
        box.setText(String.valueOf(next.number()));
        box.setAccessibleText("Run %d in the pictures".formatted(next.number()));
        watching = next.shownProperty().subscribe(this::tick);
      }
    }

    private void tick(boolean isShown) {
      box.setSelected(isShown);
      paint();
    }

    private void paint() {
      Color color =
          run == null || run.slot() < 0
              ? Color.TRANSPARENT
              : SeriesColors.color(run.slot(), picture.background());
      String rgb =
          "rgba(%d,%d,%d,%s)"
              .formatted(
                  Math.round(255 * color.getRed()),
                  Math.round(255 * color.getGreen()),
                  Math.round(255 * color.getBlue()),
                  color.getOpacity());
      swatch.setStyle(
          "-fx-border-color: transparent transparent %s transparent; -fx-border-style: %s"
              .formatted(
                  rgb,
                  run != null && SeriesColors.dash(run.slot()) > 0
                      ? "segments(4px, 3px)"
                      : "solid"));
    }
  }
}
