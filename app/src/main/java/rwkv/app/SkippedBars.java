package rwkv.app;

import java.util.stream.Stream;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/** The share of value columns that channel mixing skipped, in all and as a bar for every layer. */
final class SkippedBars extends HBox {

  private static final double HEIGHT = 11;

  private final HBox bars = new HBox();
  private final Tooltip tooltip = new Tooltip();

  SkippedBars(Label label) {
    setAlignment(Pos.CENTER_LEFT);
    setSpacing(6);
    bars.getStyleClass().add("skipped-bars");
    bars.setId("skippedBars");
    bars.setMinSize(Region.USE_PREF_SIZE, HEIGHT);
    bars.setMaxHeight(HEIGHT);
    tooltip.getStyleClass().add("skipped-words");
    Tooltip.install(this, tooltip);
    getChildren().addAll(label, bars);
  }

  void bind(SkippedViewModel model) {
    visibleProperty().bind(model.textProperty().isNotEmpty());
    managedProperty().bind(visibleProperty());
    model.sharesProperty().subscribe(this::show);
    tooltip.setOnShowing(_ -> tooltip.setText(model.explanation()));
  }

  private void show(float[] shares) {
    if (bars.getChildren().size() != shares.length) {
      bars.getChildren().setAll(Stream.generate(SkippedBars::bar).limit(shares.length).toList());
    }
    for (int layer = 0; layer < shares.length; layer++) {
      Region bar = (Region) bars.getChildren().get(layer);
      double height = Math.max(1, Math.round(HEIGHT * shares[layer]));
      bar.setMinHeight(height);
      bar.setMaxHeight(height);
    }
  }

  private static Region bar() {
    Region bar = new Region();
    bar.getStyleClass().add("skipped-bar");
    return bar;
  }
}
