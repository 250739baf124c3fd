package rwkv.app.chart;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/**
 * A square picture and its companion: side by side where there is more width than height, one below
 * the other where there is not. The picture gets as large a square as leaves the companion enough.
 */
public final class SideOrBelow extends Pane {

  private static final double GAP = 10;
  private static final double LEAST_WIDTH = 170;
  private static final double LEAST_HEIGHT = 150;
  private static final double SQUARE_SHARE = 0.6;

  public SideOrBelow() {
    setMinSize(0, 0);
  }

  @Override
  protected double computePrefWidth(double height) {
    return 420;
  }

  @Override
  protected double computePrefHeight(double width) {
    return 300;
  }

  @Override
  protected void layoutChildren() {
    if (getChildren().size() != 2) {
      return;
    }
    Node square = getChildren().getFirst();
    Node companion = getChildren().getLast();
    double width = getWidth();
    double height = getHeight();
    double beside = Math.min(height, Math.min(width - GAP - LEAST_WIDTH, SQUARE_SHARE * width));
    double above = Math.min(width, height - GAP - LEAST_HEIGHT);
    if (beside >= above) {
      put(square, 0, 0, beside, height);
      put(companion, beside + GAP, 0, width - beside - GAP, height);
    } else {
      put(square, 0, 0, width, above);
      put(companion, 0, above + GAP, width, height - above - GAP);
    }
  }

  private void put(Node child, double x, double y, double width, double height) {
    layoutInArea(
        child,
        x,
        y,
        width,
        height,
        0,
        Insets.EMPTY,
        true,
        true,
        Pos.TOP_LEFT.getHpos(),
        Pos.TOP_LEFT.getVpos());
  }
}
