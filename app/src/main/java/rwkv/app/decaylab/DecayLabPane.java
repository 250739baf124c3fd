package rwkv.app.decaylab;

import java.io.File;
import java.nio.file.Path;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import org.jspecify.annotations.Nullable;
import rwkv.app.theme.Fxml;

/** The decay-initialisation lab: whose decays, what to do with them, and the tabs. */
public final class DecayLabPane extends VBox {

  private static final KeyCombination UNDO =
      new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN);
  private static final KeyCombination REDO =
      new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
  private static final long SEED = 42;

  @FXML private ToggleButton openModel = new ToggleButton();
  @FXML private ToggleButton newModel = new ToggleButton();
  @FXML private HBox planRoom = new HBox();
  @FXML private Label subject = new Label();
  @FXML private Button undo = new Button();
  @FXML private Button redo = new Button();
  @FXML private Button revert = new Button();
  @FXML private MenuButton files = new MenuButton();
  @FXML private Button apply = new Button();
  @FXML private Button own = new Button();
  @FXML private HBox progress = new HBox();
  @FXML private Label progressWords = new Label();
  @FXML private ProgressBar bar = new ProgressBar();
  @FXML private Button cancel = new Button();
  @FXML private TabPane tabs = new TabPane();
  private @Nullable File folder;

  public DecayLabPane() {
    Fxml.load(this);
  }

  /** Whether a file is, by its name, a decay curve and not the index of a model. */
  public static boolean isCurve(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".json") && !name.endsWith(".index.json");
  }

  /**
   * Shows this lab. To be called once.
   *
   * @param training the tab of training runs
   */
  public void bind(DecayLabViewModel model, LabRunViewModel runs, Node training) {
    CurveTab curve = new CurveTab(model, runs);
    tabs.getTabs()
        .addAll(
            tab("Curve", curve),
            tab("Compare", new CompareTab(model, runs)),
            tab("Runs", training));
    bindSubject(model, runs);
    bindHistory(model);
    bindRuns(model, runs);
    files
        .getItems()
        .setAll(
            item("Open a curve…", () -> openCurve(runs)),
            new SeparatorMenuItem(),
            item(
                "Curve as JSON…", () -> ask("Decay curve", "json", "decays.json", runs::saveCurve)),
            item(
                "Save the curve as CSV…",
                () -> curve.figure().menu().export("", LabTables.curve(model))),
            item("Save the picture as PNG…", curve.figure().menu()::save),
            new SeparatorMenuItem(),
            item(
                "Save an initial checkpoint…",
                () ->
                    ask(
                        "PyTorch checkpoint",
                        "pth",
                        "rwkv-init.pth",
                        file -> runs.saveInitial(file, SEED))));
    files.setTooltip(
        new Tooltip(
            "A curve can also be dropped on the window. Other pictures and their numbers:"
                + " right-click on a picture. The initial"
                + " checkpoint is what official trainers begin with, in bf16, seed 42."));
  }

  private void openCurve(LabRunViewModel runs) {
    File file = chooser("Decay curve", "json", "").showOpenDialog(getScene().getWindow());
    if (file != null) {
      runs.openCurve(kept(file));
    }
  }

  private static Tab tab(String title, Node content) {
    Tab tab = new Tab(title, content);
    tab.setClosable(false);
    return tab;
  }

  private void bindSubject(DecayLabViewModel model, LabRunViewModel runs) {
    runs.openChosenProperty()
        .subscribe(isOpen -> {
          openModel.setSelected(isOpen);
          newModel.setSelected(!isOpen);
        });
    openModel.setOnAction(_ -> choose(runs, true));
    newModel.setOnAction(_ -> choose(runs, false));
    openModel.disableProperty().bind(runs.openKnownProperty().not());
    PlanPane plan = new PlanPane(model.plan());
    planRoom.getChildren().setAll(plan);
    model
        .subjectProperty()
        .subscribe(now -> {
          plan.setVisible(!now.isOpen());
          plan.setManaged(!now.isOpen());
          subject.setText(now.isOpen() ? now.name() + ": " + now.shape() : "");
        });
  }

  private void choose(LabRunViewModel runs, boolean isOpen) {
    runs.openChosenProperty().set(isOpen);
    openModel.setSelected(isOpen);
    newModel.setSelected(!isOpen);
  }

  private void bindHistory(DecayLabViewModel model) {
    undo.setOnAction(_ -> model.undo());
    redo.setOnAction(_ -> model.redo());
    revert.setOnAction(_ -> model.revert());
    undo.disableProperty().bind(model.undoNameProperty().isEmpty());
    redo.disableProperty().bind(model.redoNameProperty().isEmpty());
    undo.tooltipProperty().bind(model.undoNameProperty().map(n -> tip("Undo", n, "Ctrl+Z")));
    redo.tooltipProperty().bind(model.redoNameProperty().map(n -> tip("Redo", n, "Ctrl+Shift+Z")));
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (UNDO.match(event)) {
            model.undo();
            event.consume();
          } else if (REDO.match(event)) {
            model.redo();
            event.consume();
          }
        });
  }

  private static Tooltip tip(String what, String name, String keys) {
    return new Tooltip(name.isEmpty() ? keys : "%s: %s (%s)".formatted(what, name, keys));
  }

  private void bindRuns(DecayLabViewModel model, LabRunViewModel runs) {
    LabJob job = runs.job();
    apply.setOnAction(_ -> runs.apply());
    apply
        .disableProperty()
        .bind(
            runs.openKnownProperty()
                .not()
                .or(runs.openChosenProperty().not())
                .or(job.runningProperty()));
    own.setOnAction(_ -> runs.revertModel());
    own.visibleProperty().bind(runs.appliedProperty());
    own.managedProperty().bind(own.visibleProperty());
    own.disableProperty().bind(job.runningProperty());
    progress.visibleProperty().bind(job.runningProperty());
    progress.managedProperty().bind(progress.visibleProperty());
    progressWords.textProperty().bind(job.wordsProperty());
    bar.progressProperty().bind(job.progressProperty());
    cancel.setOnAction(_ -> job.cancel());
  }

  private static MenuItem item(String words, Runnable action) {
    MenuItem item = new MenuItem(words);
    item.setOnAction(_ -> action.run());
    return item;
  }

  private interface Writing {
    void to(Path file);
  }

  private void ask(String kind, String extension, String name, Writing writing) {
    File file = chooser(kind, extension, name).showSaveDialog(getScene().getWindow());
    if (file != null) {
      writing.to(kept(file));
    }
  }

  private FileChooser chooser(String kind, String extension, String name) {
    FileChooser chooser = new FileChooser();
    chooser.getExtensionFilters().add(new ExtensionFilter(kind, "*." + extension));
    chooser.setInitialFileName(name);
    if (folder != null && folder.isDirectory()) {
      chooser.setInitialDirectory(folder);
    }
    return chooser;
  }

  private Path kept(File file) {
    folder = file.getParentFile();
    return file.toPath();
  }
}
