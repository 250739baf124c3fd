package rwkv.app.decaylab;

import java.util.List;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.util.StringConverter;
import rwkv.app.generate.Field;
import rwkv.engine.train.DecayPreset;

/** A formula to choose, its constants to type, and a button that uses it. */
final class FormulaPane extends FlowPane {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final DecayLabViewModel model;
  private final HBox constants = new HBox(6);

  FormulaPane(DecayLabViewModel model) {
    this.model = model;
    getStyleClass().add("lab-tools");
    ComboBox<DecayPreset> preset = new ComboBox<>();
    preset.setId("decayFormula");
    preset.getItems().setAll(DecayPreset.values());
    preset.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(DecayPreset shown) {
            return shown == null ? "" : shown.title();
          }

          @Override
          public DecayPreset fromString(String title) {
            throw new UnsupportedOperationException();
          }
        });
    preset.valueProperty().bindBidirectional(model.formula().presetProperty());
    preset.setTooltip(new Tooltip("A formula for the layers of the scope"));
    preset.setAccessibleText("Formula");
    preset.setPrefWidth(172);
    Button use = new Button("Use");
    use.setId("decayUseFormula");
    use.setTooltip(new Tooltip("Sets the layers of the scope (Enter in a constant does it too)"));
    use.setOnAction(_ -> model.useFormula());
    constants.getStyleClass().add("control-group");
    model.formula().constantsProperty().subscribe(this::expose);
    HBox first = new HBox(6, new Label("Formula"), preset, use);
    first.getStyleClass().add("control-group");
    getChildren().addAll(first, constants);
  }

  private void expose(List<Field<Double>> fields) {
    constants.getChildren().clear();
    for (Field<Double> field : fields) {
      TextField input = new TextField();
      input.setId("constant-" + field.label());
      input.textProperty().bindBidirectional(field.textProperty());
      input.setTooltip(new Tooltip(field.help()));
      input.setAccessibleText(field.label());
      input.setOnAction(_ -> model.useFormula());
      input.getStyleClass().add("lab-number");
      field
          .problemProperty()
          .subscribe(problem -> input.pseudoClassStateChanged(WRONG, !problem.isEmpty()));
      Label label = new Label(field.label());
      label.getStyleClass().add("field-label");
      constants.getChildren().addAll(label, input);
    }
  }
}
