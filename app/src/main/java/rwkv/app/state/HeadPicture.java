package rwkv.app.state;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;
import javafx.scene.shape.Rectangle;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.TickText;
import rwkv.engine.session.StateLayout;

/** The state of one head, large: rows are value dimensions i, columns are key dimensions j. */
final class HeadPicture extends PictureRegion {

  private static final double LEFT = 40;
  private static final double BOTTOM = 34;
  private static final double MARGIN = 4;

  private final HeatSurface surface = new HeatSurface();
  private final TickText words = new TickText();
  private final Rectangle row = hair();
  private final Rectangle column = hair();
  private final HeadViewModel model;
  private DivergingMap map = new DivergingMap(0xFFFFFF);
  private boolean whiteZero;
  private int zoom;
  private int down;

  HeadPicture(HeadViewModel model) {
    this.model = model;
    getStyleClass().add("head-picture");
    getChildren().addAll(surface.view(), words, row, column);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    accessibleTextProperty().bind(model.titleProperty());
    accessibleHelpProperty().bind(model.readoutProperty());
    setCursor(Cursor.CROSSHAIR);
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> {
      model.leave();
      crosshair();
    });
    setOnMousePressed(_ -> requestFocus());
  }

  private static Rectangle hair() {
    Rectangle line = new Rectangle();
    line.getStyleClass().add("crosshair");
    line.setManaged(false);
    line.setMouseTransparent(true);
    line.setVisible(false);
    return line;
  }

  DivergingMap map() {
    return map;
  }

  /** Whether zero is white in dark themes too. */
  void whiteZero(boolean white) {
    whiteZero = white;
    requestLayout();
  }

  private int across() {
    return zoom * model.state().columns();
  }

  private int downwards() {
    return down * model.state().rows();
  }

  @Override
  protected double computeMinWidth(double height) {
    return LEFT + MARGIN + model.state().columns();
  }

  @Override
  protected double computeMinHeight(double width) {
    return BOTTOM + MARGIN + model.state().columns();
  }

  @Override
  protected double computePrefWidth(double height) {
    return 300;
  }

  @Override
  protected double computePrefHeight(double width) {
    double across = width > 0 ? width : 300;
    return across - LEFT - MARGIN + BOTTOM + MARGIN;
  }

  @Override
  protected void arrange() {
    map = new DivergingMap(whiteZero ? 0xFFFFFF : rgb(background()));
    int columns = model.state().columns();
    int rows = model.state().rows();
    double scale = scale();
    double room = Math.min(getWidth() - LEFT - MARGIN, getHeight() - BOTTOM - MARGIN) * scale;
    zoom = columns == 0 ? 0 : Math.max(1, (int) (room / columns));
    // Few rows are drawn as high bands, so that what they say fills the same square.
    down = rows == 0 ? 0 : Math.max(1, zoom * columns / rows);
    int left = (int) Math.round(LEFT * scale);
    int top = (int) Math.round(MARGIN * scale);
    surface.place(left, top, across(), downwards(), scale);
    label(scale);
    crosshair();
    paint();
  }

  private void label(double scale) {
    words.begin();
    if (zoom > 0) {
      double width = across() / scale;
      double height = downwards() / scale;
      double cell = zoom / scale;
      StateLayout layout = model.state().layout();
      int first = layout.hasHeads() ? 0 : model.place().head() * layout.columns();
      for (int tick : ticks(layout.columns(), cell)) {
        double at = LEFT + (tick + 0.5) * cell;
        words.put("" + (first + tick), at, MARGIN + height + 2, Pos.TOP_CENTER, "number");
      }
      String across = layout.hasHeads() ? "key dimension j" : "channel";
      words.put(across, LEFT + width / 2, MARGIN + height + 17, Pos.TOP_CENTER);
      rowLabels(layout, down / scale, height);
    }
    words.end();
  }

  private void rowLabels(StateLayout layout, double cell, double height) {
    if (layout.rowNames().isEmpty()) {
      for (int tick : ticks(layout.rows(), cell)) {
        double at = MARGIN + (tick + 0.5) * cell;
        words.put("" + tick, LEFT - 5, at, Pos.CENTER_RIGHT, "number");
      }
      words.putUpwards("value dimension i", 8, MARGIN + height / 2);
      return;
    }
    for (int row = 0; row < layout.rows(); row++) {
      String name = layout.rowNames().get(row);
      double at = MARGIN + (row + 0.5) * cell;
      words.put(name.substring(name.lastIndexOf(' ') + 1), LEFT - 5, at, Pos.CENTER_RIGHT);
    }
  }

  /** Every 8th dimension, or sparser where there is no room, and the last. */
  static List<Integer> ticks(int size, double cell) {
    int step = 8;
    while (step * cell < 24) {
      step *= 2;
    }
    List<Integer> ticks = new ArrayList<>();
    for (int tick = 0; tick < size; tick += step) {
      ticks.add(tick);
    }
    int last = size - 1;
    if ((last - ticks.getLast()) * cell < 18 && ticks.size() > 1) {
      ticks.removeLast();
    }
    if (!ticks.contains(last)) {
      ticks.add(last);
    }
    return ticks;
  }

  private void crosshair() {
    boolean over = model.row() >= 0 && model.row() < model.state().rows();
    row.setVisible(over);
    column.setVisible(over);
    if (over) {
      double scale = scale();
      double width = across() / scale;
      double height = downwards() / scale;
      double cell = zoom / scale;
      double high = down / scale;
      place(row, LEFT, MARGIN + model.row() * high, width, high);
      place(column, LEFT + model.column() * cell, MARGIN, cell, height);
    }
  }

  private static void place(Rectangle line, double x, double y, double width, double height) {
    line.setX(x);
    line.setY(y);
    line.setWidth(width);
    line.setHeight(height);
  }

  /** Draws the numbers as they are now. */
  void paint() {
    ShownState state = model.state();
    if (zoom == 0 || surface.width() != across() || surface.height() != downwards()) {
      return;
    }
    int layer = model.place().layer();
    int head = model.place().head();
    if (layer >= state.layers() || head >= state.heads()) {
      return;
    }
    float limit = (float) state.limit(layer, head);
    new TilePainter(map)
        .magnified(
            surface.pixels(),
            surface.width(),
            0,
            state.layer(layer),
            state.offset(head),
            state.rows(),
            state.columns(),
            zoom,
            down,
            limit);
    surface.show();
  }

  private void hover(MouseEvent event) {
    double scale = scale();
    int i = (int) Math.floor((event.getY() - MARGIN) * scale / Math.max(1, down));
    int j = (int) Math.floor((event.getX() - LEFT) * scale / Math.max(1, zoom));
    if (i >= 0 && j >= 0 && i < model.state().rows() && j < model.state().columns()) {
      model.hover(i, j);
    } else {
      model.leave();
    }
    crosshair();
  }
}
