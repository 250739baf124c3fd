package rwkv.app.decay;

import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.SequentialMap;
import rwkv.app.chart.TickText;
import rwkv.engine.analysis.Survival;

/**
 * What remains of a write after n tokens: a thin line for every key channel, a bold one for all.
 */
final class DecayPicture extends PictureRegion {

  /** On a logarithmic axis, what remains is shown down to here. */
  private static final double LEAST = 1e-3;

  private static final double LEFT = 54;
  private static final double RIGHT = 20;
  private static final double TOP = 8;
  private static final double BOTTOM = 36;

  private final HeatSurface surface = new HeatSurface();
  private final CurveRaster raster = new CurveRaster();
  private final TickText words = new TickText();
  private final DecayViewModel model;
  private SequentialMap colors = SequentialMap.on(0xFFFFFF);
  private boolean logarithmic;
  private AxisMap across = new AxisMap(1, 10, true, 0, 1);
  private AxisMap upwards = new AxisMap(0, 1, false, 1, 0);
  private double[] xs = {};
  private double[] ys = {};
  private double[] others = {};

  DecayPicture(DecayViewModel model) {
    this.model = model;
    getStyleClass().add("decay-picture");
    getChildren().addAll(surface.view(), words);
    setMinSize(180, 130);
    setPrefSize(320, 220);
    setCursor(Cursor.CROSSHAIR);
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> {
      model.hover(-1);
      paint();
    });
  }

  SequentialMap colors() {
    return colors;
  }

  /** Whether the axis of what remains is logarithmic. */
  void logarithmic(boolean newLogarithmic) {
    logarithmic = newLogarithmic;
    requestLayout();
  }

  @Override
  protected void arrange() {
    colors = SequentialMap.on(rgb(background()));
    double scale = scale();
    int left = (int) Math.round(LEFT * scale);
    int top = (int) Math.round(TOP * scale);
    int width = (int) Math.round((getWidth() - LEFT - RIGHT) * scale);
    int height = (int) Math.round((getHeight() - TOP - BOTTOM) * scale);
    surface.place(left, top, width, height, scale);
    if (surface.pixels().length == 0) {
      return;
    }
    raster.target(surface.pixels(), width, height);
    across = new AxisMap(1, DecayViewModel.FARTHEST, true, 0.5, width - 0.5);
    upwards =
        logarithmic
            ? new AxisMap(LEAST, 1, true, height - 0.5, 0.5 + scale)
            : new AxisMap(0, 1, false, height - 0.5, 0.5 + scale);
    label(scale);
    paint();
  }

  private void label(double scale) {
    double bottom = TOP + surface.height() / scale;
    words.begin();
    for (double n : across.decades()) {
      double x = LEFT + across.at(n) / scale;
      words.put(Numbers.count((long) n), x, bottom + 3, Pos.TOP_CENTER, "number");
    }
    words.put(
        "tokens after the write", LEFT + surface.width() / scale / 2, bottom + 18, Pos.TOP_CENTER);
    for (double share : ticks()) {
      String number = Math.round(share * 1000) / 10.0 + " %";
      double y = TOP + upwards.at(share) / scale;
      words.put(number.replace(".0 ", " "), LEFT - 5, y, Pos.CENTER_RIGHT, "number");
    }
    words.putUpwards("remains", 6, TOP + surface.height() / scale / 2);
    words.end();
  }

  private double[] ticks() {
    return logarithmic ? new double[] {1, 0.1, 0.01, 0.001} : new double[] {0, 0.25, 0.5, 0.75, 1};
  }

  /** Draws the curves as they are now. */
  void paint() {
    if (surface.pixels().length == 0) {
      return;
    }
    raster.clear(rgb(background()));
    grid();
    if (model.isKnown()) {
      curves(model.survival());
    }
    surface.show();
  }

  private void grid() {
    int thickness = (int) Math.max(1, Math.round(scale()));
    for (double n : across.decades()) {
      raster.vertical(across.at(n), thickness, rgb(line()));
    }
    for (double share : ticks()) {
      raster.horizontal(upwards.at(share), thickness, rgb(line()), 0);
    }
  }

  private void curves(Survival survival) {
    int points = survival.tokens().length;
    if (xs.length != points) {
      xs = new double[points];
      ys = new double[points];
      others = new double[points];
    }
    int met = 0;
    for (int p = 0; p < points; p++) {
      xs[p] = across.at(survival.tokens()[p]);
      met += survival.tokens()[p] <= model.exactUpTo() ? 1 : 0;
    }
    double scale = scale();
    for (int j = 0; j < model.decays().size(); j++) {
      if (j != model.channel()) {
        channel(survival, j, met, scale, 0.75);
      }
    }
    fastest(survival.tokens(), scale);
    if (model.channel() >= 0) {
      channel(survival, model.channel(), met, 2 * scale, 1);
    }
    head(survival, met, scale);
  }

  private void channel(Survival survival, int j, int met, double thickness, double opacity) {
    heights(survival.channel(j), ys);
    int color = colors.color(Math.log10(model.halfLife(j)) / 4);
    raster.curve(xs, ys, 0, met, thickness, color, opacity, 0);
    raster.curve(xs, ys, Math.max(0, met - 1), xs.length, thickness, color, opacity * 0.4, 0);
  }

  /** The fastest decay that the version can have, if there is a limit. */
  private void fastest(double[] tokens, double scale) {
    double lowest = model.decays().lowest();
    if (lowest == 0) {
      return;
    }
    for (int p = 0; p < tokens.length; p++) {
      ys[p] = upwards.at(Math.pow(lowest, tokens[p]));
    }
    int dash = (int) Math.max(1, Math.round(2 * scale));
    raster.curve(xs, ys, 0, xs.length, 1.2 * scale, rgb(foreground()), 0.9, dash);
  }

  private void head(Survival survival, int met, double scale) {
    if (!model.decays().isConstant()) {
      heights(survival.low(), ys);
      heights(survival.high(), others);
      raster.band(xs, others, ys, met, rgb(accent()), 0.25);
    }
    heights(survival.head(), ys);
    raster.curve(xs, ys, 0, met, 2.5 * scale, rgb(accent()), 1, 0);
    int dash = (int) Math.round(5 * scale);
    raster.curve(xs, ys, Math.max(0, met - 1), xs.length, 2.5 * scale, rgb(accent()), 1, dash);
  }

  private void heights(double[] shares, double[] into) {
    for (int p = 0; p < shares.length; p++) {
      into[p] = upwards.at(shares[p]);
    }
  }

  private void hover(MouseEvent event) {
    double scale = scale();
    double x = (event.getX() - LEFT) * scale;
    double y = (event.getY() - TOP) * scale;
    boolean over = across.contains(x) && upwards.contains(y) && model.isKnown();
    model.hover(over ? nearest(x, y) : -1);
    paint();
  }

  /** The channel whose curve passes nearest above or below a point. */
  private int nearest(double x, double y) {
    int p = 0;
    while (p + 1 < xs.length && xs[p + 1] < x) {
      p++;
    }
    int best = -1;
    double least = Double.MAX_VALUE;
    for (int j = 0; j < model.decays().size(); j++) {
      double distance = Math.abs(upwards.at(model.survival().channel(j)[p]) - y);
      if (distance < least) {
        least = distance;
        best = j;
      }
    }
    return best;
  }
}
