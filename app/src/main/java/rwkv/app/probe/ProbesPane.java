package rwkv.app.probe;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.control.Alert;
import javafx.scene.control.Alert.AlertType;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.PictureRegion;
import rwkv.app.probing.ProbeEntry;
import rwkv.app.probing.ProbeRun;
import rwkv.app.theme.Fxml;

/** Probes: which there are, what they may be asked, and what they found. */
public final class ProbesPane extends SplitPane {

  @FXML private ListView<ProbeEntry> list = new ListView<>();
  @FXML private ScrollPane formRoom = new ScrollPane();
  @FXML private Label problem = new Label();
  @FXML private Button run = new Button();
  @FXML private Button cancel = new Button();
  @FXML private Button again = new Button();
  @FXML private Button copy = new Button();
  @FXML private Button delete = new Button();
  @FXML private Button save = new Button();
  @FXML private VBox runRoom = new VBox();
  @FXML private Label verdict = new Label();
  @FXML private Label figures = new Label();
  @FXML private Tab chartsTab = new Tab();
  @FXML private Tab tablesTab = new Tab();
  private @Nullable ProbesViewModel probes;
  private final ChartsView charts = new ChartsView();
  private @Nullable TablesView tables;

  public ProbesPane() {
    Fxml.load(this);
    setResizableWithParent(getItems().getFirst(), false);
  }

  public void bind(ProbesViewModel model) {
    probes = model;
    list.setCellFactory(_ -> new ProbeCell(model));
    list.setItems(model.probes());
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(entry -> {
          if (entry != null) {
            model.probeProperty().set(entry);
          }
        });
    model.probeProperty().subscribe(entry -> list.getSelectionModel().select(entry));
    formRoom.setContent(new ProbeFormPane(model));
    problem.textProperty().bind(model.problemProperty());
    problem.managedProperty().bind(problem.textProperty().isNotEmpty());
    run.disableProperty().bind(model.problemProperty().isNotEmpty());
    run.setOnAction(_ -> model.start());
    RunList runs = new RunList(model);
    VBox.setVgrow(runs, Priority.ALWAYS);
    runRoom.getChildren().add(runs);
    TablesView numbers = new TablesView(model.messages());
    tables = numbers;
    chartsTab.setContent(charts);
    tablesTab.setContent(numbers);
    bindButtons(model);
    model.revisionProperty().subscribe((_, _) -> show());
    model.chosen().addListener((ListChangeListener<ProbeRunViewModel>) _ -> show());
    visibleProperty().subscribe(this::show);
    show();
  }

  private void bindButtons(ProbesViewModel model) {
    cancel.disableProperty().bind(impossible(model, Which.RUNNING));
    cancel.setOnAction(_ -> model.cancel(List.copyOf(model.chosen())));
    again.disableProperty().bind(impossible(model, Which.ONE));
    again.setOnAction(_ -> model.again(model.chosen().getFirst()));
    copy.disableProperty().bind(impossible(model, Which.ANY));
    copy.setOnAction(_ -> {
      PictureMenu.copyText(words(model.compared()));
      model.messages().news("Verdict and figures are in the clipboard.");
    });
    delete.disableProperty().bind(impossible(model, Which.OVER));
    delete.setOnAction(_ -> delete(model));
    save.disableProperty().bind(impossible(model, Which.OVER));
    save.setOnAction(_ -> save(model));
  }

  /** What must have been chosen. */
  private enum Which {
    ANY,
    ONE,
    RUNNING,
    OVER
  }

  private static BooleanBinding impossible(ProbesViewModel model, Which which) {
    return Bindings.createBooleanBinding(
        () -> {
          List<ProbeRunViewModel> chosen = model.chosen();
          return switch (which) {
            case ANY -> chosen.isEmpty();
            case ONE -> chosen.size() != 1;
            case RUNNING -> chosen.stream().noneMatch(ProbeRunViewModel::isRunning);
            case OVER -> chosen.isEmpty() || chosen.stream().anyMatch(ProbeRunViewModel::isRunning);
          };
        },
        model.revisionProperty(),
        model.chosen());
  }

  private void delete(ProbesViewModel model) {
    List<ProbeRunViewModel> unwanted = List.copyOf(model.chosen());
    String what =
        unwanted.size() == 1
            ? "the run of %s of %s"
                .formatted(
                    unwanted.getFirst().run().probe().name(),
                    RunWords.when(unwanted.getFirst().run().started()))
            : unwanted.size() + " runs";
    Alert question =
        new Alert(
            AlertType.CONFIRMATION,
            "Delete %s with all files?".formatted(what),
            ButtonType.CANCEL,
            ButtonType.OK);
    question.initOwner(getScene().getWindow());
    question.setHeaderText(null);
    question.showAndWait().filter(ButtonType.OK::equals).ifPresent(_ -> model.delete(unwanted));
  }

  private void save(ProbesViewModel model) {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle("Where to put a folder with tables, charts and run.json");
    File folder = chooser.showDialog(getScene().getWindow());
    if (folder != null) {
      model.chosen().forEach(each -> model.export(each, folder.toPath()));
    }
  }

  private void show() {
    ProbesViewModel model = probes;
    // What nobody sees is shown when it is seen again.
    if (model == null || tables == null || getScene() != null && !PictureRegion.isSeen(this)) {
      return;
    }
    List<ProbeRunViewModel> compared = model.compared();
    List<ProbeRun> shown = compared.stream().map(ProbeRunViewModel::run).toList();
    verdict.setText(verdicts(compared));
    verdict.setManaged(!verdict.getText().isEmpty());
    figures.setText(compared.size() == 1 ? figures(shown.getFirst()) : hint(model, compared));
    figures.setManaged(!figures.getText().isEmpty());
    charts.show(shown);
    tables.show(shown);
  }

  private static String verdicts(List<ProbeRunViewModel> runs) {
    if (runs.size() == 1) {
      return runs.getFirst().verdict();
    }
    List<String> labels = RunWords.labels(runs.stream().map(ProbeRunViewModel::run).toList());
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < runs.size(); i++) {
      words.append(i == 0 ? "" : "\n").append(labels.get(i)).append(": ");
      words.append(runs.get(i).verdict());
    }
    return words.toString();
  }

  private static String hint(ProbesViewModel model, List<ProbeRunViewModel> compared) {
    int left = model.chosen().size() - compared.size();
    return left == 0 ? "" : left + " chosen runs are of other probes and are not compared.";
  }

  private static String figures(ProbeRun run) {
    return run.result().figures().entrySet().stream()
        .map(figure -> figure.getKey() + " " + Numbers.significant(figure.getValue(), 4))
        .collect(Collectors.joining("   "));
  }

  private static String words(List<ProbeRunViewModel> runs) {
    return runs.stream()
        .map(each ->
            RunWords.caption(each.run())
                + "\n"
                + each.verdict()
                + each.run().result().figures().entrySet().stream()
                    .map((Map.Entry<String, Double> f) ->
                        "\n" + f.getKey() + "\t" + Cells.exact(f.getValue()))
                    .collect(Collectors.joining()))
        .collect(Collectors.joining("\n\n"));
  }
}
