package rwkv.app.probe;

import java.io.File;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import rwkv.app.generate.Field;
import rwkv.app.generate.SettingField;

/** What a probe asks and how, and what may be chosen. */
final class ProbeFormPane extends VBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final ToggleButton how = new ToggleButton("How it is measured");
  private @Nullable ProbeFormViewModel shown;

  ProbeFormPane(ProbesViewModel probes) {
    getStyleClass().add("probe-form");
    how.setId("probeHow");
    how.getStyleClass().addAll("flat", "compact");
    probes.formProperty().subscribe(this::show);
  }

  private void show(@Nullable ProbeFormViewModel form) {
    if (form == shown && form != null) {
      return;
    }
    shown = form;
    getChildren().clear();
    if (form == null) {
      return;
    }
    Label title = new Label(form.probe().name());
    title.getStyleClass().add("section-title");
    title.setWrapText(true);
    title.setMinHeight(USE_PREF_SIZE);
    Label method = words(form.probe().method(), "note");
    method.visibleProperty().bind(how.selectedProperty());
    method.managedProperty().bind(how.selectedProperty());
    method.setId("probeMethod");
    GridPane grid = new GridPane();
    grid.getStyleClass().add("probe-fields");
    form.settings().forEach(each -> add(grid, each.field(), editor(each)));
    add(grid, form.seed(), input(form.seed()));
    getChildren().addAll(title, words(form.probe().question(), "question"), how, method, grid);
  }

  private static Label words(String text, String style) {
    Label words = new Label(text);
    words.getStyleClass().add(style);
    words.setWrapText(true);
    words.setMinHeight(USE_PREF_SIZE);
    return words;
  }

  private Node editor(SettingField each) {
    Field<?> field = each.field();
    if (each.isChoice()) {
      ComboBox<String> box = new ComboBox<>();
      box.setId(id(field));
      box.getItems().setAll(each.setting().choices());
      box.setMaxWidth(Double.MAX_VALUE);
      box.setAccessibleText(field.label());
      box.setTooltip(new Tooltip(field.help()));
      box.valueProperty().bindBidirectional(field.textProperty());
      return box;
    }
    TextField input = input(field);
    if (!each.isText() || !isFile(each)) {
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

  /** Texts may be files; those that are say so. */
  private static boolean isFile(SettingField each) {
    return each.setting().name().contains("file") || each.setting().meaning().contains("file");
  }

  private static String id(Field<?> field) {
    return "probe-" + field.label().replace(' ', '-');
  }

  private static TextField input(Field<?> field) {
    TextField input = new TextField();
    input.setId(id(field));
    input.setTooltip(new Tooltip(field.help()));
    input.setAccessibleText(field.label());
    input.textProperty().bindBidirectional(field.textProperty());
    field
        .problemProperty()
        .subscribe(problem -> input.pseudoClassStateChanged(WRONG, !problem.isEmpty()));
    return input;
  }

  private static void add(GridPane grid, Field<?> field, Node editor) {
    Label label = new Label(field.label());
    label.getStyleClass().add("field-label");
    label.setMinWidth(USE_PREF_SIZE);
    Tooltip help = new Tooltip(field.help());
    help.setWrapText(true);
    help.setMaxWidth(420);
    label.setTooltip(help);
    GridPane.setHgrow(editor, Priority.ALWAYS);
    grid.addRow(grid.getRowCount(), label, editor);
  }
}
