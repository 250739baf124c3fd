package rwkv.app.probe;

import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import rwkv.app.probe.ChartPicture.Key;

/** Names of what a chart tells apart, in their colours. */
final class ChartLegend extends FlowPane {

  private static final int MOST = 16;

  private List<Key> shown = List.of();
  private Color ground = Color.TRANSPARENT;

  ChartLegend() {
    getStyleClass().add("chart-legend");
  }

  /** Shows the names of a picture, in the colours that they have on its ground. */
  void follow(ChartPicture picture) {
    List<Key> keys = picture.keys().stream().filter(key -> !key.name().isEmpty()).toList();
    if (keys.equals(shown) && ground.equals(picture.background())) {
      return;
    }
    shown = keys;
    ground = picture.background();
    getChildren().clear();
    for (Key key : keys.size() > MOST ? ends(keys) : keys) {
      getChildren().add(label(key, ChartColors.web(key.color(), picture.colors(), ground)));
    }
    if (keys.size() > MOST) {
      Label more = new Label("… %d in all; point at one for its name".formatted(keys.size()));
      more.getStyleClass().add("note");
      getChildren().add(more);
    }
    setVisible(!keys.isEmpty());
    setManaged(!keys.isEmpty());
  }

  /** Some of them, evenly, where there is no room for all. */
  private static List<Key> ends(List<Key> keys) {
    return java.util.stream.IntStream.range(0, MOST / 2)
        .mapToObj(i -> keys.get(i * (keys.size() - 1) / (MOST / 2 - 1)))
        .toList();
  }

  private static Label label(Key key, String color) {
    Region swatch = new Region();
    swatch.getStyleClass().add(key.isLine() ? "line-swatch" : "fill-swatch");
    String dashes =
        key.style() == 0
            ? "solid"
            : "segments(%dpx, %dpx)".formatted(2 + 2 * key.style(), 1 + key.style());
    swatch.setStyle(
        key.isLine()
            ? "-fx-border-color: transparent transparent %s transparent; -fx-border-style: %s"
                .formatted(color, dashes)
            : "-fx-background-color: " + color);
    Label label = new Label(key.name(), swatch);
    label.getStyleClass().add("note");
    label.setTooltip(new Tooltip(key.name()));
    return label;
  }
}
