package rwkv.app.decaylab;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import rwkv.engine.analysis.DecayWarning;

/** What is dangerous or worth knowing about the curve, in words; a click goes to the layer. */
final class WarningsPane extends ScrollPane {

  private static final int MOST = 40;

  private final DecayLabViewModel model;
  private final VBox lines = new VBox();
  private List<DecayWarning> shown = List.of();

  WarningsPane(DecayLabViewModel model) {
    this.model = model;
    setId("decayWarnings");
    getStyleClass().addAll("edge-to-edge", "lab-warnings");
    setFitToWidth(true);
    setContent(lines);
    setMinHeight(40);
    setPrefHeight(70);
    setAccessibleText("Warnings about the decays");
    model.revisionProperty().subscribe(_ -> show());
    fill();
  }

  private void show() {
    if (!model.warnings().equals(shown)) {
      fill();
    }
  }

  private void fill() {
    shown = model.warnings();
    lines.getChildren().clear();
    if (shown.isEmpty()) {
      Label fine = new Label("Nothing to warn of.", new FontIcon(Feather.CHECK_CIRCLE));
      fine.getStyleClass().add("lab-fine");
      lines.getChildren().add(fine);
    }
    shown.stream().limit(MOST).map(this::line).forEach(lines.getChildren()::add);
    if (shown.size() > MOST) {
      lines.getChildren().add(new Label("and %d more".formatted(shown.size() - MOST)));
    }
  }

  private Button line(DecayWarning warning) {
    FontIcon icon = new FontIcon(warning.isSerious() ? Feather.ALERT_TRIANGLE : Feather.INFO);
    Button line = new Button(warning.sentence(), icon);
    line.getStyleClass().addAll("flat", warning.isSerious() ? "lab-serious" : "lab-note");
    line.setTooltip(new Tooltip(warning.sentence()));
    line.setOnAction(_ -> model.layerProperty().set(warning.firstLayer()));
    return line;
  }
}
