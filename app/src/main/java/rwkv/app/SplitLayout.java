package rwkv.app;

import java.util.Arrays;
import java.util.List;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;

/**
 * A split pane whose parts can be hidden; it remembers where its divider was when both were there.
 */
final class SplitLayout {

  private final SplitPane pane;
  private final List<Part> parts;
  private double divider;

  /** A part and whether it is shown. */
  record Part(Node node, ObservableValue<Boolean> shown) {}

  SplitLayout(SplitPane pane, double divider, Part first, Part second) {
    this.pane = pane;
    this.divider = divider;
    this.parts = List.of(first, second);
    parts.forEach(part -> part.shown().subscribe(_ -> update()));
  }

  void setDivider(List<Double> remembered) {
    if (remembered.size() == 1) {
      divider = Math.clamp(remembered.getFirst(), 0.05, 0.95);
      place();
    }
  }

  /** Where the divider is, or was when it was last there. */
  List<Double> dividers() {
    if (isComplete() && pane.getDividers().size() == 1) {
      divider = pane.getDividerPositions()[0];
    }
    return List.of(divider);
  }

  private boolean isComplete() {
    return pane.getItems().size() == parts.size();
  }

  private void update() {
    Node[] wanted =
        parts.stream().filter(part -> part.shown().getValue()).map(Part::node).toArray(Node[]::new);
    if (!Arrays.asList(wanted).equals(pane.getItems())) {
      dividers();
      pane.getItems().setAll(wanted);
      place();
    }
  }

  private void place() {
    if (isComplete()) {
      pane.setDividerPositions(divider);
    }
  }
}
