package rwkv.app.train;

import java.io.File;
import java.util.List;
import java.util.function.Function;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import rwkv.app.generate.Field;
import rwkv.app.generate.SettingField;
import rwkv.engine.model.Version;
import rwkv.engine.train.task.TaskKind;
import rwkv.engine.train.task.Tasks;

/** What the next runs are to do. */
final class RunFormPane extends VBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final RunsViewModel runs;
  private final GridPane settings = grid();
  private final VBox initials = new VBox();

  RunFormPane(RunsViewModel runs) {
    this.runs = runs;
    RunFormViewModel form = runs.form();
    getStyleClass().add("run-form");
    ComboBox<TaskKind> task = choice("runTask", TaskKind::name, Tasks.all());
    task.valueProperty().bindBidirectional(form.taskProperty());
    task.setAccessibleText("Task");
    Label meaning = note("");
    form.taskProperty().subscribe(kind -> meaning.setText(kind.meaning()));
    form.settingsProperty().subscribe(this::ask);
    ComboBox<Version> version = choice("runVersion", Version::title, RunFormViewModel.VERSIONS);
    version.valueProperty().bindBidirectional(form.versionProperty());
    version.setAccessibleText("Version");
    GridPane model = grid();
    add(model, "version", version, "The model's version");
    form.sizes().forEach(field -> add(model, field.label(), input(field), field.help()));
    GridPane training = grid();
    form.training().forEach(field -> add(training, field.label(), input(field), field.help()));
    Button curve = new Button("Add curve…");
    curve.setId("runAddCurve");
    curve.getStyleClass().add("small");
    curve.setTooltip(new Tooltip("A curve saved as JSON; one for another model is resampled"));
    curve.setOnAction(_ -> addCurve());
    form.initials().subscribe(this::offer);
    offer();
    initials.getStyleClass().add("run-initials");
    getChildren().addAll(title("Begin with: a run for each"), initials, curve);
    getChildren().addAll(title("Task"), task, meaning, settings);
    getChildren().addAll(title("Model"), model, title("Training"), training);
  }

  private void ask(List<SettingField> asked) {
    settings.getChildren().clear();
    for (SettingField each : asked) {
      add(settings, each.field().label(), editor(each), each.field().help());
    }
  }

  private Node editor(SettingField each) {
    Field<?> field = each.field();
    if (each.isChoice()) {
      ComboBox<String> box = choice("run-" + field.label(), s -> s, each.setting().choices());
      box.valueProperty().bindBidirectional(field.textProperty());
      return box;
    }
    TextField input = input(field);
    if (!each.isText()) {
      return input;
    }
    Button choose = new Button("…");
    choose.getStyleClass().add("small");
    choose.setAccessibleText("Choose the " + field.label());
    choose.setOnAction(_ -> {
      File file = new FileChooser().showOpenDialog(getScene().getWindow());
      if (file != null) {
        field.textProperty().set(file.getPath());
      }
    });
    HBox.setHgrow(input, Priority.ALWAYS);
    return new HBox(4, input, choose);
  }

  private void offer() {
    initials
        .getChildren()
        .setAll(
            runs.form().initials().stream()
                .map(choice -> {
                  CheckBox box = new CheckBox(choice.name());
                  box.selectedProperty().bindBidirectional(choice.chosenProperty());
                  return box;
                })
                .toList());
  }

  private void addCurve() {
    FileChooser chooser = new FileChooser();
    chooser.getExtensionFilters().add(new ExtensionFilter("Decay curve", "*.json"));
    File file = chooser.showOpenDialog(getScene().getWindow());
    if (file != null) {
      runs.addCurve(file.toPath());
    }
  }

  private static Label title(String words) {
    Label title = new Label(words);
    title.getStyleClass().add("section-title");
    return title;
  }

  private static Label note(String words) {
    Label note = new Label(words);
    note.getStyleClass().add("note");
    note.setWrapText(true);
    note.setMinHeight(USE_PREF_SIZE);
    return note;
  }

  private static GridPane grid() {
    GridPane grid = new GridPane();
    grid.getStyleClass().add("run-fields");
    return grid;
  }

  private static void add(GridPane grid, String words, Node editor, String help) {
    Label label = new Label(words);
    label.getStyleClass().add("field-label");
    label.setMinWidth(76);
    label.setTooltip(new Tooltip(help));
    GridPane.setHgrow(editor, Priority.ALWAYS);
    grid.addRow(grid.getRowCount(), label, editor);
  }

  private static <T> ComboBox<T> choice(String id, Function<T, String> words, List<T> choices) {
    ComboBox<T> box = new ComboBox<>();
    box.setId(id);
    box.getItems().setAll(choices);
    box.setMaxWidth(Double.MAX_VALUE);
    box.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable T shown) {
            return shown == null ? "" : words.apply(shown);
          }

          @Override
          public T fromString(String text) {
            throw new UnsupportedOperationException();
          }
        });
    return box;
  }

  private static TextField input(Field<?> field) {
    TextField input = new TextField();
    input.setId("run-" + field.label().replace(' ', '-'));
    input.setTooltip(new Tooltip(field.help()));
    input.setAccessibleText(field.label());
    input.textProperty().bindBidirectional(field.textProperty());
    field
        .problemProperty()
        .subscribe(problem -> input.pseudoClassStateChanged(WRONG, !problem.isEmpty()));
    return input;
  }
}
