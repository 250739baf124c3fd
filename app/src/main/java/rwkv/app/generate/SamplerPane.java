package rwkv.app.generate;

import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** The sampler's settings, one small field each. */
public final class SamplerPane extends FlowPane {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  public SamplerPane() {
    getStyleClass().add("sampler");
  }

  void bind(SamplerViewModel viewModel) {
    for (Field<?> field : viewModel.fields()) {
      getChildren().add(field == viewModel.seed() ? seed(viewModel) : column(field, input(field)));
    }
  }

  private static VBox seed(SamplerViewModel viewModel) {
    TextField input = input(viewModel.seed());
    Button dice = new Button();
    dice.setId("dice");
    dice.setGraphic(new FontIcon(Feather.SHUFFLE));
    dice.getStyleClass().addAll("small-icon", "dice");
    dice.setTooltip(new Tooltip("Another seed"));
    dice.setAccessibleText("Another seed");
    dice.setOnAction(_ -> viewModel.rollSeed());
    HBox both = new HBox(4, input, dice);
    return column(viewModel.seed(), both);
  }

  private static TextField input(Field<?> field) {
    TextField input = new TextField();
    input.setId("field-" + field.label().replace(". ", "-").replace(' ', '-'));
    input.textProperty().bindBidirectional(field.textProperty());
    input.setTooltip(new Tooltip(field.help()));
    input.setAccessibleText(field.label());
    input.setAccessibleHelp(field.help());
    field
        .problemProperty()
        .subscribe(problem -> input.pseudoClassStateChanged(WRONG, !problem.isEmpty()));
    return input;
  }

  private static VBox column(Field<?> field, Node input) {
    Label label = new Label(field.label());
    label.getStyleClass().add("field-label");
    Label problem = new Label();
    problem.textProperty().bind(field.problemProperty());
    problem.visibleProperty().bind(field.problemProperty().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    problem.getStyleClass().add("field-problem");
    VBox column = new VBox(2, label, input, problem);
    column.getStyleClass().add("field");
    return column;
  }
}
