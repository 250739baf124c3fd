package rwkv.app.decaylab;

import java.util.function.Supplier;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import rwkv.app.chart.PlotFigure;
import rwkv.app.theme.Fxml;
import rwkv.engine.model.Version;
import tech.tablesaw.api.Table;

/** The editor, and beside it what the curve means. */
public final class CurveTab extends SplitPane {

  @FXML private VBox editing = new VBox();
  @FXML private HBox scopes = new HBox();
  @FXML private ToggleButton drag = new ToggleButton();
  @FXML private ToggleButton paint = new ToggleButton();
  @FXML private ComboBox<Integer> points = new ComboBox<>();
  @FXML private Button previous = new Button();
  @FXML private Label layer = new Label();
  @FXML private Button next = new Button();
  @FXML private Button measure = new Button();
  @FXML private GridPane figures = new GridPane();
  private final DecayLabViewModel model;
  private final LabRunViewModel runs;
  private final CurvePicture curve;
  private final PlotFigure editor;

  CurveTab(DecayLabViewModel model, LabRunViewModel runs) {
    this.model = model;
    this.runs = runs;
    curve = new CurvePicture(model);
    editor = editor();
    Fxml.load(this);
    WarningsPane warnings = new WarningsPane(model);
    VBox.setVgrow(editor, Priority.ALWAYS);
    editing.getChildren().addAll(editor, new FormulaPane(model), warnings);
    bindTools();
    bindLayer();
    runs.bandProperty().subscribe(curve::band);
    editor.lastKey().visibleProperty().bind(runs.bandProperty().isNotNull());
    editor.lastKey().managedProperty().bind(editor.lastKey().visibleProperty());
    measure.setOnAction(_ -> runs.measureBand());
    model.subjectProperty().subscribe(this::offerBand);
    addFigures();
    setDividerPositions(0.56);
  }

  private PlotFigure editor() {
    return new PlotFigure(
            "Half-life by channel",
            "How long every channel of the chosen layer keeps half of what is written. Drag a"
                + " control point, or paint; arrows move the chosen point.",
            curve,
            "decay-curve",
            this::caption,
            () -> LabTables.curve(model))
        .key("now-key", "now")
        .key("began-key", "as it began")
        .key("faint-key", "other layers")
        .key("data-key", "5–95 % of tokens")
        .wide();
  }

  /** The whole tab as one picture. */
  PlotFigure figure() {
    return editor;
  }

  private void bindTools() {
    ToggleGroup group = new ToggleGroup();
    for (Scope scope : Scope.values()) {
      ToggleButton button = new ToggleButton(scope.title());
      button.setId("scope-" + scope.name());
      button.getStyleClass().add("compact");
      button.setTooltip(new Tooltip(scope.help()));
      button.setToggleGroup(group);
      model.scopeProperty().subscribe(now -> button.setSelected(now == scope));
      button.setOnAction(_ -> {
        model.scopeProperty().set(scope);
        button.setSelected(true);
      });
      scopes.getChildren().add(button);
    }
    paint.selectedProperty().bindBidirectional(model.paintingProperty());
    model.paintingProperty().subscribe(painting -> drag.setSelected(!painting));
    drag.setOnAction(_ -> {
      model.paintingProperty().set(false);
      drag.setSelected(true);
    });
    for (int count : ControlPoints.COUNTS) {
      points.getItems().add(count);
    }
    points.valueProperty().bindBidirectional(model.pointsProperty().asObject());
    points.disableProperty().bind(model.paintingProperty());
  }

  private void bindLayer() {
    previous.setOnAction(_ -> model.moveLayer(-1));
    next.setOnAction(_ -> model.moveLayer(1));
    model.layerProperty().subscribe(this::tellLayer);
    model.subjectProperty().subscribe(this::tellLayer);
  }

  private void tellLayer() {
    int last = model.curve().shape().layers() - 1;
    layer.setText("layer " + model.layerProperty().get());
    layer.setTooltip(new Tooltip("of layers 0 to " + last));
  }

  private void offerBand(LabSubject subject) {
    boolean depends = subject.shape().version().decay() == Version.Decay.PER_TOKEN;
    measure.setVisible(depends && subject.isOpen());
    measure.setManaged(measure.isVisible());
  }

  private void addFigures() {
    String reads =
        " RWKV-4 to 6 read before they decay: token n after the write reads what is left after n −"
            + " 1.";
    LagPicture.Impulse impulse = new LagPicture.Impulse(model);
    LagPicture.Gradient gradient = new LagPicture.Gradient(model);
    figures.add(
        figure(
            "Impulse responses",
            "What decay leaves of a write after n tokens, wⁿ: a thin line for a channel (at most"
                + " 96 of a layer), a thick one for the mean."
                + reads,
            impulse,
            "impulse-responses",
            () -> LabTables.impulses(model)),
        0,
        0);
    figures.add(
        figure(
                "Gradient that reaches back",
                "The size of the gradient that reaches a write n tokens back: RMS and mean over"
                    + " channels of wⁿ. And what trains the decay itself, n wⁿ, as a share of its"
                    + " largest.",
                gradient,
                "gradient-reach",
                () -> LabTables.gradients(model))
            .key("now-key", "RMS")
            .key("mean-key", "mean")
            .key("training-key", "n wⁿ"),
        1,
        0);
    figures.add(
        figure(
            "Coverage of time scales, %",
            "How much of a write is left after so many tokens, mean over the channels of a layer."
                + " Click a layer to edit it.",
            new CoveragePicture(model),
            "coverage",
            () -> LabTables.coverage(model)),
        0,
        1);
    figures.add(
        figure(
                "Half-lives",
                "Share of channels with a half-life of that length; those beyond the ends are in"
                    + " the first and last bar.",
                new SpreadPicture(model),
                "half-lives",
                () -> LabTables.curve(model))
            .key("layer-key", "this layer")
            .key("all-key", "all"),
        1,
        1);
  }

  private PlotFigure figure(
      String title, String help, LabPicture picture, String name, Supplier<Table> numbers) {
    PlotFigure figure = new PlotFigure(title, help, picture, name, this::caption, numbers);
    GridPane.setHgrow(figure, Priority.ALWAYS);
    GridPane.setVgrow(figure, Priority.ALWAYS);
    return figure;
  }

  /** What the pictures show: model, layer. */
  private String caption() {
    DataBand band = runs.bandProperty().get();
    String data = band == null ? "" : " Band of the data from %d tokens.".formatted(band.tokens());
    return "Decays of %s (%s), layer %d.%s"
        .formatted(
            model.subjectProperty().get().name(),
            model.curve().shape(),
            model.layerProperty().get(),
            data);
  }
}
