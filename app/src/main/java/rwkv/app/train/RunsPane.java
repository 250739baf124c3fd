package rwkv.app.train;

import java.io.File;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.fxml.FXML;
import javafx.scene.control.Alert;
import javafx.scene.control.Alert.AlertType;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PlotFigure;
import rwkv.app.theme.Fxml;
import tech.tablesaw.api.Table;

/** Training runs: what to do next, the table of all runs, and what they learn. */
public final class RunsPane extends SplitPane {

  @FXML private ScrollPane formRoom = new ScrollPane();
  @FXML private Button train = new Button();
  @FXML private Label problem = new Label();
  @FXML private Button pause = new Button();
  @FXML private Button resume = new Button();
  @FXML private Button stop = new Button();
  @FXML private Button open = new Button();
  @FXML private Button keep = new Button();
  @FXML private Button delete = new Button();
  @FXML private Button export = new Button();
  @FXML private VBox tableRoom = new VBox();
  @FXML private GridPane figures = new GridPane();
  @FXML private Label chosen = new Label();
  @FXML private Button previous = new Button();
  @FXML private Label layer = new Label();
  @FXML private Button next = new Button();
  private final RunsViewModel runs;

  public RunsPane(RunsViewModel runs) {
    this.runs = runs;
    Fxml.load(this);
    formRoom.setContent(new RunFormPane(runs));
    setResizableWithParent(getItems().getFirst(), false);
    train.setOnAction(_ -> runs.train());
    train.disableProperty().bind(runs.form().problemProperty().isNotEmpty());
    problem.textProperty().bind(runs.form().problemProperty());
    problem.managedProperty().bind(problem.textProperty().isNotEmpty());
    LossPicture loss = new LossPicture(runs);
    RunTable table = new RunTable(runs, loss);
    VBox.setVgrow(table, Priority.ALWAYS);
    tableRoom.getChildren().add(table);
    PlotFigure losses = losses(loss);
    export.setOnAction(_ -> losses.menu().export("-runs", RunTables.list(runs.runs())));
    addFigures(losses);
    bindButtons();
    runs.revisionProperty().subscribe((_, _) -> tell());
    tell();
    previous.setOnAction(_ -> runs.moveLayer(-1));
    next.setOnAction(_ -> runs.moveLayer(1));
  }

  private void bindButtons() {
    act(pause, run -> run.state().isActive(), runs::pause);
    act(resume, run -> canResume(run.state()), runs::resume);
    act(stop, run -> run.state().isActive() || run.state() == RunState.PAUSED, runs::stop);
    act(open, run -> run.steps() > 0, runs::open);
    act(keep, run -> run.steps() > 0, this::keep);
    act(delete, run -> !run.state().isActive(), this::delete);
    export.disableProperty().bind(Bindings.isEmpty(runs.runs()));
  }

  private static boolean canResume(RunState state) {
    return !state.isActive() && state != RunState.DONE;
  }

  private void act(Button button, Predicate<RunViewModel> can, Consumer<RunViewModel> action) {
    BooleanBinding impossible =
        Bindings.createBooleanBinding(
            () -> runs.chosenProperty().get() == null || !can.test(runs.chosenProperty().get()),
            runs.revisionProperty(),
            runs.chosenProperty());
    button.disableProperty().bind(impossible);
    button.setOnAction(_ -> {
      RunViewModel run = runs.chosenProperty().get();
      if (run != null) {
        action.accept(run);
      }
    });
  }

  private void keep(RunViewModel run) {
    FileChooser chooser = new FileChooser();
    chooser.getExtensionFilters().add(new ExtensionFilter("PyTorch checkpoint", "*.pth"));
    chooser.setInitialFileName(String.valueOf(run.modelFile().getFileName()));
    File file = chooser.showSaveDialog(getScene().getWindow());
    if (file != null) {
      runs.keep(run, file.toPath());
    }
  }

  private void delete(RunViewModel run) {
    Alert question =
        new Alert(
            AlertType.CONFIRMATION,
            "Delete run %s with all its files?".formatted(run.title()),
            ButtonType.CANCEL,
            ButtonType.OK);
    question.initOwner(getScene().getWindow());
    question.setHeaderText(null);
    question.showAndWait().filter(ButtonType.OK::equals).ifPresent(_ -> runs.delete(run));
  }

  private PlotFigure losses(LossPicture picture) {
    return new PlotFigure(
        "Loss",
        "Smoothed loss of the ticked runs: what is left of a step's loss shrinks to 95 % with every"
            + " step.",
        picture,
        "training-loss",
        () -> "Smoothed losses of training runs.",
        () -> RunTables.losses(runs.shown()));
  }

  private void addFigures(PlotFigure losses) {
    PlotFigure gradients =
        new PlotFigure(
                "Gradient by layer",
                "Norm of the gradient of every layer's parameters, of the chosen run.",
                new GradientPicture(runs),
                "gradient-norms",
                () -> of("Gradient norms"),
                () -> numbers(RunTables::gradients))
            .key("now-key", "this layer")
            .key("faint-key", "other layers");
    PlotFigure drift =
        new PlotFigure(
                "Decays: where they began, where they are",
                "Half-lives of the chosen layer of the chosen run, looked at twice a second at"
                    + " most.",
                new DriftPicture(runs),
                "decay-drift",
                () -> of("Half-lives"),
                () -> numbers(RunTables::decays))
            .key("now-key", "now")
            .key("began-key", "at first");
    for (PlotFigure figure : new PlotFigure[] {losses, gradients, drift}) {
      GridPane.setHgrow(figure, Priority.ALWAYS);
      GridPane.setVgrow(figure, Priority.ALWAYS);
    }
    figures.add(losses, 0, 0, 1, 2);
    figures.add(gradients, 1, 0);
    figures.add(drift, 1, 1);
  }

  private String of(String what) {
    RunViewModel run = runs.chosenProperty().get();
    return run == null
        ? what + "."
        : "%s of run %s, layer %d, after %d steps."
            .formatted(what, run.title(), runs.layerProperty().get(), run.steps());
  }

  private Table numbers(Function<RunViewModel, Table> table) {
    RunViewModel run = runs.chosenProperty().get();
    return run == null ? Table.create("nothing") : table.apply(run);
  }

  private void tell() {
    @Nullable RunViewModel run = runs.chosenProperty().get();
    chosen.setText(run == null ? "" : "Run " + run.title());
    int layers = run == null ? 1 : run.start().shape().layers();
    layer.setText("layer %d of 0–%d".formatted(runs.layerProperty().get(), layers - 1));
  }
}
