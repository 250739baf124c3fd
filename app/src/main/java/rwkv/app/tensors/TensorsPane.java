package rwkv.app.tensors;

import java.util.List;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import rwkv.app.chart.PictureMenu;
import rwkv.app.theme.Fxml;

/** The tensor browser: a list to search and sort, and the chosen tensor in full. */
public final class TensorsPane extends VBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");
  private static final double DIVIDER = 0.705;

  @FXML private TextField filter = new TextField();
  @FXML private ToggleButton expression = new ToggleButton();
  @FXML private Label filterProblem = new Label();
  @FXML private Label total = new Label();
  @FXML private HBox progress = new HBox();
  @FXML private Label progressWords = new Label();
  @FXML private ProgressBar bar = new ProgressBar();
  @FXML private Button cancel = new Button();
  @FXML private Button resume = new Button();
  @FXML private SplitPane split = new SplitPane();

  public TensorsPane() {
    Fxml.load(this);
  }

  /** Shows these tensors. To be called once. */
  public void bind(TensorsViewModel model) {
    DetailPane detail = new DetailPane(model);
    TensorTable table = new TensorTable(model, detail.model().logarithmicProperty());
    StackPane right = new StackPane(detail);
    right.setMinWidth(300);
    table.setMinWidth(420);
    SplitPane.setResizableWithParent(right, true);
    split.getItems().setAll(table, right);
    split.setDividerPositions(DIVIDER);
    new PictureMenu(table, detail.histogram(), table, "tensors", () -> caption(model))
        .export("Export list as CSV…", "", () -> TensorTables.list(entries(model)))
        .separate()
        .add("Copy lines (tab-separated)", table::copy);
    bindFilter(model, table);
    total.textProperty().bind(model.totalProperty());
    bindProgress(model);
    visibleProperty().subscribe(model::seen);
  }

  private void bindFilter(TensorsViewModel model, TensorTable table) {
    filter.textProperty().bindBidirectional(model.filterProperty());
    expression.selectedProperty().bindBidirectional(model.expressionProperty());
    filterProblem.textProperty().bind(model.filterProblemProperty());
    model
        .filterProblemProperty()
        .subscribe(problem -> filter.pseudoClassStateChanged(WRONG, !problem.isEmpty()));
    filter.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.DOWN && !event.isShortcutDown()) {
            table.requestFocus();
            event.consume();
          } else if (event.getCode() == KeyCode.ESCAPE && !filter.getText().isEmpty()) {
            filter.clear();
            event.consume();
          }
        });
  }

  private void bindProgress(TensorsViewModel model) {
    TensorWork work = model.work();
    progress.visibleProperty().bind(work.computingProperty().or(work.cancelledProperty()));
    bar.progressProperty().bind(work.progressProperty());
    cancel.visibleProperty().bind(work.computingProperty());
    cancel.managedProperty().bind(cancel.visibleProperty());
    cancel.setOnAction(_ -> work.cancel());
    resume.visibleProperty().bind(work.cancelledProperty());
    resume.managedProperty().bind(resume.visibleProperty());
    resume.setOnAction(_ -> model.resume());
    progressWords
        .textProperty()
        .bind(
            work.computingProperty()
                .map(isComputing -> isComputing ? "Statistics" : "Statistics incomplete"));
  }

  /** Puts the cursor into the filter. */
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  /** Where the divider between list and tensor is. */
  public List<Double> dividers() {
    return List.of(split.getDividerPositions()[0]);
  }

  /** Puts the divider where it was. */
  public void setDividers(List<Double> remembered) {
    if (remembered.size() == 1) {
      split.setDividerPositions(Math.clamp(remembered.getFirst(), 0.05, 0.95));
    }
  }

  private static List<TensorEntry> entries(TensorsViewModel model) {
    return model.shown().stream().map(TensorRow::entry).toList();
  }

  private static String caption(TensorsViewModel model) {
    return "Tensors of %s: %s".formatted(model.modelName(), model.totalProperty().get());
  }
}
