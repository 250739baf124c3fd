package rwkv.app.decay;

import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.TickText;
import rwkv.app.cursor.Place;
import rwkv.engine.analysis.HalfLife;

/** A thin bar for every head, grouped by layer, along a logarithmic axis of tokens. */
final class StripPicture extends PictureRegion {

  private static final double LONGEST = 1e5;
  private static final double LEFT = 60;
  private static final double RIGHT = 8;
  private static final double TOP = 4;
  private static final double BOTTOM = 18;

  private final HeatSurface surface = new HeatSurface();
  private final CurveRaster raster = new CurveRaster();
  private final TickText words = new TickText();
  private final HalfLifeStripViewModel model;
  private StripGeometry geometry = StripGeometry.fit(0, 0, 0);
  private AxisMap upwards = new AxisMap(1, LONGEST, true, 1, 0);

  StripPicture(HalfLifeStripViewModel model) {
    this.model = model;
    getStyleClass().add("strip-picture");
    getChildren().addAll(surface.view(), words);
    setMinHeight(60);
    setPrefHeight(88);
    setCursor(Cursor.CROSSHAIR);
    setOnMouseMoved(event -> model.hover(headAt(event)));
    setOnMouseExited(_ -> model.hover(-1));
    setOnMousePressed(this::choose);
  }

  /** Where bars stand. */
  StripGeometry geometry() {
    return geometry;
  }

  @Override
  protected double computeMinWidth(double height) {
    int least = StripGeometry.smallestWidth(model.decays().layers(), model.decays().heads());
    return LEFT + RIGHT + least / scale();
  }

  @Override
  protected void arrange() {
    double scale = scale();
    int width = (int) Math.round((getWidth() - LEFT - RIGHT) * scale);
    int height = (int) Math.round((getHeight() - TOP - BOTTOM) * scale);
    geometry = StripGeometry.fit(width, model.decays().layers(), model.decays().heads());
    surface.place(
        (int) Math.round(LEFT * scale), (int) Math.round(TOP * scale), width, height, scale);
    if (surface.pixels().length > 0) {
      raster.target(surface.pixels(), width, height);
      upwards = new AxisMap(1, LONGEST, true, height - 0.5, 0.5);
      label(scale);
      paint();
    }
  }

  private void label(double scale) {
    words.begin();
    for (double n : upwards.decades()) {
      double y = TOP + upwards.at(n) / scale;
      if (n == 1 || n == 100 || n == 10_000) {
        words.put(Numbers.count((long) n), LEFT - 5, y, Pos.CENTER_RIGHT, "number");
      }
    }
    words.putUpwards("tokens", 8, TOP + surface.height() / scale / 2);
    int every = Math.max(1, (int) Math.ceil(26 * scale / geometry.layerPitch()));
    for (int layer = 0; layer < geometry.layers(); layer += every) {
      double middle = geometry.left(layer, 0) + geometry.layerWidth() / 2.0;
      double x = LEFT + middle / scale;
      words.put("L" + layer, x, TOP + surface.height() / scale + 2, Pos.TOP_CENTER, "number");
    }
    words.end();
  }

  /** Draws the numbers as they are now. */
  void paint() {
    if (surface.pixels().length == 0) {
      return;
    }
    raster.clear(rgb(background()));
    int thickness = (int) Math.max(1, Math.round(scale()));
    for (double n : upwards.decades()) {
      raster.horizontal(upwards.at(n), thickness, rgb(line()), 0);
    }
    if (model.decays().isKnown()) {
      for (int head = 0; head < model.count(); head++) {
        bar(head, thickness);
      }
    }
    double lowest = model.decays().lowest();
    if (lowest > 0) {
      double tokens = HalfLife.tokens(Math.log(lowest));
      raster.horizontal(upwards.at(tokens), thickness, rgb(foreground()), 2 * thickness);
    }
    surface.show();
  }

  private void bar(int index, int thickness) {
    int layer = index / model.decays().heads();
    int head = index % model.decays().heads();
    boolean chosen = model.cursor().place().equals(new Place(layer, head));
    int left = geometry.left(layer, head);
    int right = left + geometry.bar();
    int top = (int) Math.round(upwards.at(Math.min(LONGEST, model.high(index))));
    int bottom = (int) Math.round(upwards.at(Math.min(LONGEST, model.low(index))));
    int middle = (int) Math.round(upwards.at(Math.min(LONGEST, model.median(index))));
    if (chosen) {
      raster.fill(left, 0, right, surface.height(), rgb(accent()), 0.18);
    }
    raster.fill(
        left, top, right, bottom + 1, rgb(chosen ? accent() : muted()), chosen ? 0.9 : 0.45);
    raster.fill(left, middle - thickness, right, middle + thickness, rgb(foreground()), 1);
  }

  private int headAt(MouseEvent event) {
    return geometry.headAt((event.getX() - LEFT) * scale());
  }

  private void choose(MouseEvent event) {
    int index = headAt(event);
    if (event.getButton() == MouseButton.PRIMARY && index >= 0) {
      model.cursor().moveTo(index / model.decays().heads(), index % model.decays().heads());
    }
  }
}
