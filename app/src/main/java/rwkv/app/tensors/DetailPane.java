package rwkv.app.tensors;

import java.util.List;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.ScaleLegend;
import rwkv.app.tensors.DetailWords.Figure;
import rwkv.app.theme.Fxml;
import rwkv.engine.analysis.MatrixOverview;
import rwkv.engine.analysis.TensorStatistics;

/** The chosen tensor: exact numbers, a large histogram, and what it looks like as a matrix. */
final class DetailPane extends VBox {

  private final TensorDetailViewModel model;
  private final HistogramPicture histogram;
  private final MatrixPicture matrix;

  @FXML private Label title = new Label();
  @FXML private Label facts = new Label();
  @FXML private Label problem = new Label();
  @FXML private FlowPane figures = new FlowPane();
  @FXML private VBox histogramView = new VBox();
  @FXML private ToggleButton logarithmic = new ToggleButton();
  @FXML private Label rangeWords = new Label();
  @FXML private StackPane bars = new StackPane();
  @FXML private VBox matrixView = new VBox();
  @FXML private HBox modes = new HBox();
  @FXML private ToggleButton means = new ToggleButton();
  @FXML private ToggleButton extremes = new ToggleButton();
  @FXML private ScaleLegend legend = new ScaleLegend();
  @FXML private StackPane cells = new StackPane();
  @FXML private Label cellWords = new Label();
  @FXML private Label first = new Label();

  DetailPane(TensorsViewModel list) {
    model = new TensorDetailViewModel(list);
    histogram = new HistogramPicture(model);
    matrix = new MatrixPicture(model);
    Fxml.load(this);
    bars.getChildren().add(histogram);
    cells.getChildren().add(matrix);
    title.textProperty().bind(model.titleProperty());
    rangeWords.textProperty().bind(model.rangeWordsProperty());
    modes.managedProperty().bind(modes.visibleProperty());
    problem.managedProperty().bind(problem.textProperty().isNotEmpty());
    cellWords.textProperty().bind(model.cellWordsProperty());
    model.logarithmicProperty().bind(logarithmic.selectedProperty());
    model.extremesProperty().bind(extremes.selectedProperty());
    keepOne(means);
    keepOne(extremes);
    model.entryProperty().subscribe(this::show);
    model.previewProperty().subscribe(this::show);
    matrix.whenArranged(() -> legend.signed(matrix.map(), model.limit()));
    menus();
  }

  /** A click on the mode that is chosen changes nothing. */
  private static void keepOne(ToggleButton mode) {
    mode.setOnAction(_ -> mode.setSelected(true));
  }

  private void menus() {
    new PictureMenu(histogramView, histogram, "histogram", model::histogramCaption)
        .export(
            "Export histogram as CSV…",
            "",
            () -> {
              TensorStatistics statistics = model.statistics();
              return statistics == null
                  ? TensorTables.list(List.of())
                  : TensorTables.histogram(statistics.histogram());
            })
        .separate()
        .add("Copy numbers", () -> PictureMenu.copyText(text()));
    new PictureMenu(matrixView, matrix, "tensor", model::matrixCaption)
        .export(
            "Export cells as CSV…",
            "-cells",
            () -> {
              MatrixOverview overview = model.overview();
              return overview == null ? TensorTables.list(List.of()) : TensorTables.cells(overview);
            })
        .separate()
        .add("Copy first numbers", () -> PictureMenu.copyText(first.getText()));
  }

  TensorDetailViewModel model() {
    return model;
  }

  /** Whose colours surround captions. */
  HistogramPicture histogram() {
    return histogram;
  }

  private String text() {
    TensorEntry entry = model.entryProperty().get();
    if (entry == null) {
      return "";
    }
    StringBuilder text = new StringBuilder(entry.shownName() + "\t" + entry.summary());
    for (Figure figure : DetailWords.figures(entry)) {
      text.append('\n').append(figure.label()).append('\t').append(figure.exact());
    }
    return text.toString();
  }

  private void show(@Nullable TensorEntry entry) {
    setVisible(entry != null);
    if (entry != null) {
      facts.setText(entry.summary());
      problem.setText(entry.problem());
      figures
          .getChildren()
          .setAll(DetailWords.figures(entry).stream().map(DetailPane::pair).toList());
    }
  }

  private void show(@Nullable TensorPreview preview) {
    TensorEntry entry = model.entryProperty().get();
    if (preview == null || entry == null) {
      first.setText("");
      modes.setVisible(false);
    } else {
      first.setText(DetailWords.first(preview.first(), entry.count()));
      modes.setVisible(!preview.overview().isExact());
      // A vector is a band; the room that it leaves goes to the histogram.
      VBox.setVgrow(matrixView, matrix.isTall() ? Priority.ALWAYS : Priority.NEVER);
    }
  }

  private static Region pair(Figure figure) {
    Label label = new Label(figure.label());
    label.getStyleClass().add("note");
    Label value = new Label(figure.value());
    value.getStyleClass().add("figure");
    value.setTooltip(new Tooltip(figure.exact() + "\nClick to copy"));
    value.setOnMouseClicked(_ -> PictureMenu.copyText(figure.exact()));
    HBox pair = new HBox(label, value);
    pair.getStyleClass().add("pair");
    return pair;
  }
}
