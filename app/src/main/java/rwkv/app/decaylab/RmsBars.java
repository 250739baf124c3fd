package rwkv.app.decaylab;

import javafx.geometry.Insets;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import rwkv.app.chart.Numbers;

/** State RMS of two models, layer by layer: two bars and two numbers in a row. */
final class RmsBars extends GridPane {

  private static final double WIDTH = 120;

  RmsBars() {
    getStyleClass().add("rms-bars");
  }

  /** Shows these, on one scale. */
  void show(double[] original, double[] changed) {
    getChildren().clear();
    double most = 1e-30;
    for (int layer = 0; layer < original.length; layer++) {
      most = Math.max(most, Math.max(finite(original[layer]), finite(changed[layer])));
    }
    for (int layer = 0; layer < original.length; layer++) {
      Label name = new Label("L" + layer);
      name.getStyleClass().addAll("number", "note");
      name.setMinWidth(USE_PREF_SIZE);
      add(name, 0, layer);
      add(bar(original[layer] / most, "original-bar"), 1, layer);
      add(number(original[layer]), 2, layer);
      add(bar(changed[layer] / most, "changed-bar"), 3, layer);
      add(number(changed[layer]), 4, layer);
    }
  }

  private static double finite(double x) {
    return Double.isFinite(x) ? x : 0;
  }

  private static Region bar(double share, String style) {
    Region bar = new Region();
    bar.getStyleClass().addAll("rms-bar", style);
    double width = Double.isFinite(share) ? Math.max(1, WIDTH * share) : WIDTH;
    bar.setMinWidth(width);
    bar.setMaxWidth(width);
    GridPane.setMargin(bar, new Insets(0, WIDTH - width, 0, 0));
    return bar;
  }

  private static Label number(double rms) {
    Label label = new Label(Numbers.significant(rms, 4));
    label.getStyleClass().add("number");
    label.setMinWidth(70);
    return label;
  }
}
