package rwkv.app.decaylab;

import javafx.css.PseudoClass;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.util.StringConverter;
import rwkv.app.generate.Field;
import rwkv.engine.model.Version;

/** Version and sizes of a model about to be created. */
final class PlanPane extends HBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  PlanPane(PlanViewModel plan) {
    getStyleClass().add("control-group");
    ComboBox<Version> version = new ComboBox<>();
    version.setId("decayVersion");
    version.getItems().setAll(PlanViewModel.VERSIONS);
    version.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(Version shown) {
            return shown == null ? "" : shown.title();
          }

          @Override
          public Version fromString(String title) {
            throw new UnsupportedOperationException();
          }
        });
    version.valueProperty().bindBidirectional(plan.versionProperty());
    version.setAccessibleText("Version");
    version.setMinWidth(USE_PREF_SIZE);
    getChildren().add(version);
    for (Field<Long> field : plan.sizes()) {
      getChildren().addAll(label(field), input(field));
    }
    Label problem = new Label();
    problem.getStyleClass().add("field-problem");
    problem.textProperty().bind(plan.problemProperty());
    getChildren().add(problem);
  }

  private static Label label(Field<Long> field) {
    Label label = new Label(field.label());
    label.getStyleClass().add("field-label");
    label.setMinWidth(USE_PREF_SIZE);
    return label;
  }

  private static TextField input(Field<Long> field) {
    TextField input = new TextField(field.textProperty().get());
    input.setId("plan-" + field.label().replace(' ', '-'));
    input.getStyleClass().add("lab-number");
    input.setTooltip(new Tooltip(field.help() + " (Enter)"));
    input.setAccessibleText(field.label());
    input.setOnAction(_ -> field.textProperty().set(input.getText()));
    input
        .focusedProperty()
        .subscribe(focused -> {
          if (!focused) {
            field.textProperty().set(input.getText());
          }
        });
    field.textProperty().subscribe(input::setText);
    field
        .problemProperty()
        .subscribe(problem -> input.pseudoClassStateChanged(WRONG, !problem.isEmpty()));
    return input;
  }
}
