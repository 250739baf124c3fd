package rwkv.app.generate;

import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/** Says in numbers what the tint of a token means. */
public final class SurpriseLegend extends HBox {

  private static final String[] MARKS = {"1", "0.1", "0.01", "≤ 0.001"};

  public SurpriseLegend() {
    getStyleClass().add("surprise-legend");
    Label words = new Label("probability the model gave the token");
    getChildren().add(words);
    for (int i = 0; i < MARKS.length; i++) {
      Region swatch = new Region();
      swatch.getStyleClass().addAll("surprise-swatch", "surprise-" + i);
      Label mark = new Label(MARKS[i], swatch);
      mark.getStyleClass().add("number");
      getChildren().add(mark);
    }
    Region prompt = new Region();
    prompt.getStyleClass().addAll("surprise-swatch", "prompt-swatch");
    getChildren().add(new Label("prompt", prompt));
  }
}
