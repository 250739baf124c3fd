package rwkv.app.state;

import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.shape.Rectangle;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.TickText;
import rwkv.app.cursor.Place;
import rwkv.engine.session.StateLayout;

/**
 * The wall itself: one image of all heads, drawn in one pass, with the numbers of layers and heads
 * at its edges and an outline around the chosen head.
 */
final class WallPicture extends PictureRegion {

  private static final double LEFT = 30;
  private static final double TOP = 18;
  private static final double MARGIN = 4;

  private final HeatSurface surface = new HeatSurface();
  private final TickText words = new TickText();
  private final Rectangle chosen = new Rectangle();
  private final StateWallViewModel model;
  private DivergingMap map = new DivergingMap(0xFFFFFF);
  private boolean whiteZero;
  private @Nullable WallGeometry geometry;

  WallPicture(StateWallViewModel model) {
    this.model = model;
    getStyleClass().add("wall-picture");
    chosen.getStyleClass().add("chosen-head");
    chosen.setManaged(false);
    chosen.setMouseTransparent(true);
    getChildren().addAll(surface.view(), words, chosen);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText("State of every head");
    accessibleHelpProperty().bind(model.readoutProperty());
    setCursor(Cursor.CROSSHAIR);
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> model.leave());
    setOnMousePressed(this::choose);
    setOnKeyPressed(this::move);
  }

  /** Where tiles lie; null before the first layout or without a model. */
  @Nullable WallGeometry geometry() {
    return geometry;
  }

  /** The colours of numbers in the present theme. */
  DivergingMap map() {
    return map;
  }

  /** Whether zero is white in dark themes too. */
  void whiteZero(boolean white) {
    whiteZero = white;
    requestLayout();
  }

  private int left() {
    return (int) Math.round(LEFT * scale());
  }

  private int top() {
    return (int) Math.round(TOP * scale());
  }

  @Override
  protected double computeMinWidth(double height) {
    return LEFT + MARGIN + (model.state().isThere() ? smallest().width() / scale() : 0);
  }

  @Override
  protected double computeMinHeight(double width) {
    return TOP + MARGIN + (model.state().isThere() ? smallest().height() / scale() : 0);
  }

  @Override
  protected double computePrefWidth(double height) {
    return Math.max(minWidth(height), 480);
  }

  @Override
  protected double computePrefHeight(double width) {
    return Math.max(minHeight(width), 360);
  }

  private WallGeometry smallest() {
    ShownState state = model.state();
    return WallGeometry.smallest(state.layers(), state.heads(), state.rows(), state.columns());
  }

  @Override
  protected void arrange() {
    map = new DivergingMap(whiteZero ? 0xFFFFFF : rgb(background()));
    if (!model.state().isThere()) {
      geometry = null;
      surface.view().setVisible(false);
      chosen.setVisible(false);
      words.setVisible(false);
      return;
    }
    place();
    paint();
  }

  private void place() {
    ShownState state = model.state();
    double scale = scale();
    int width = (int) (getWidth() * scale) - left() - (int) (MARGIN * scale);
    int height = (int) (getHeight() * scale) - top() - (int) (MARGIN * scale);
    WallGeometry g =
        WallGeometry.fit(
            width, height, state.layers(), state.heads(), state.rows(), state.columns());
    geometry = g;
    surface.place(left(), top(), g.width(), g.height(), scale);
    surface.view().setVisible(true);
    words.setVisible(true);
    label(g, scale);
    outline();
  }

  private void label(WallGeometry g, double scale) {
    Place place = model.place();
    words.begin();
    StateLayout layout = model.state().layout();
    int everyLayer = every(g.down() / scale, 15);
    for (int layer = 0; layer < g.layers(); layer++) {
      boolean here = layer == place.layer();
      if (here || layer % everyLayer == 0 && Math.abs(layer - place.layer()) >= everyLayer / 2.0) {
        double y = (top() + layer * g.down() + g.tileHeight() / 2.0) / scale;
        words.put("L" + layer, LEFT - 6, y, Pos.CENTER_RIGHT, here ? "chosen" : "number");
      }
    }
    int everyHead = every(g.across() / scale, 28);
    for (int head = 0; head < g.heads(); head++) {
      boolean here = head == place.head();
      if (here || head % everyHead == 0 && Math.abs(head - place.head()) >= everyHead / 2.0) {
        double x = (left() + head * g.across() + g.tileWidth() / 2.0) / scale;
        String name = layout.hasHeads() ? "H" + head : "" + head * layout.columns();
        words.put(name, x, TOP - 3, Pos.BOTTOM_CENTER, here ? "chosen" : "number");
      }
    }
    words.end();
  }

  /** Of tiles this far apart, every how-manieth can be labelled. */
  private static int every(double pitch, double room) {
    for (int step : new int[] {1, 2, 5, 10, 20}) {
      if (pitch * step >= room) {
        return step;
      }
    }
    return 50;
  }

  /** Draws the outline where the cursor is. */
  private void outline() {
    WallGeometry g = geometry;
    if (g == null) {
      return;
    }
    Place place = model.place();
    double scale = scale();
    double around = 1;
    chosen.setX((left() + place.head() * g.across()) / scale - around);
    chosen.setY((top() + place.layer() * g.down()) / scale - around);
    chosen.setWidth(g.tileWidth() / scale + 2 * around);
    chosen.setHeight(g.tileHeight() / scale + 2 * around);
    chosen.setVisible(true);
  }

  /** The place cursor has moved. */
  void placeMoved() {
    WallGeometry g = geometry;
    if (g != null) {
      label(g, scale());
      outline();
    }
  }

  /** Draws the numbers as they are now. */
  void paint() {
    WallGeometry g = geometry;
    if (g == null) {
      return;
    }
    new WallPainter(map).paint(surface.pixels(), g, model.state());
    surface.show();
  }

  private void hover(MouseEvent event) {
    WallGeometry g = geometry;
    double x = event.getX() * scale() - left();
    double y = event.getY() * scale() - top();
    if (g == null || g.layerAt(y) < 0 || g.headAt(x) < 0) {
      model.leave();
    } else {
      model.hover(
          g.layerAt(y), g.headAt(x), g.rowAt(y), g.columnAt(x), g.rowBlock(), g.columnBlock());
    }
  }

  private void choose(MouseEvent event) {
    WallGeometry g = geometry;
    if (g == null || event.getButton() != MouseButton.PRIMARY) {
      return;
    }
    // The scroll pane around would take the focus.
    event.consume();
    requestFocus();
    int layer = g.layerAt(event.getY() * scale() - top());
    int head = g.headAt(event.getX() * scale() - left());
    if (layer >= 0 && head >= 0) {
      model.cursor().moveTo(layer, head);
    }
  }

  private void move(KeyEvent event) {
    if (event.isShiftDown() || event.isShortcutDown() || event.isAltDown()) {
      return;
    }
    switch (event.getCode()) {
      case UP -> model.cursor().moveBy(-1, 0);
      case DOWN -> model.cursor().moveBy(1, 0);
      case LEFT -> model.cursor().moveBy(0, -1);
      case RIGHT -> model.cursor().moveBy(0, 1);
      default -> {
        return;
      }
    }
    event.consume();
  }
}
