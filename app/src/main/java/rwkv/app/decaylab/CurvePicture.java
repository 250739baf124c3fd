package rwkv.app.decaylab;

import java.util.Arrays;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.TickText;
import rwkv.engine.train.DecayScale;
import rwkv.engine.train.DecayShape;

/**
 * The editor: half-life in tokens against channel, of the chosen layer. Behind it the curve that it
 * began with, the other layers, the band that data make, and what the version cannot express.
 */
final class CurvePicture extends LabPicture {

  private static final double HANDLE = 8;
  private static final int MOST_FAINT = 64;

  /** Neighbours further apart than this share of the height are not joined by a line. */
  private static final double JUMP = 0.08;

  private @Nullable DataBand band;
  private AxisMap across = new AxisMap(0, 1, false, 0, 1);
  private AxisMap upwards = new AxisMap(1, 10, true, 1, 0);
  private double[] xs = {};
  private double[] ys = {};
  private int hovered = -1;
  private int lastChannel;
  private double lastTokens;

  CurvePicture(DecayLabViewModel model) {
    super(model, new Margins(62, 14, 8, 36));
    setId("decayCurve");
    setPrefSize(600, 360);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.SLIDER);
    setAccessibleText("Half-lives by channel: arrows move the chosen control point");
    setOnMousePressed(this::press);
    setOnMouseDragged(this::drag);
    setOnMouseReleased(_ -> model.end());
    CurveKeys.install(this, model);
    model
        .pointProperty()
        .subscribe((_, _) -> {
          rest();
          paint();
        });
    rest();
    model.pointsProperty().subscribe((_, _) -> paint());
    model.paintingProperty().subscribe((_, _) -> paint());
    focusedProperty().subscribe((_, _) -> paint());
  }

  void band(@Nullable DataBand measured) {
    band = measured;
    paint();
  }

  @Override
  protected boolean needsLayout() {
    return upwards.to() != model().top()
        || upwards.from() != model().bottom()
        || xs.length != model().curve().shape().values();
  }

  @Override
  protected void prepare() {
    int values = model().curve().shape().values();
    across = new AxisMap(-0.5, values - 0.5, false, 0, width());
    upwards = new AxisMap(model().bottom(), model().top(), true, height() - 0.5, 0.5);
    xs = new double[values];
    Arrays.setAll(xs, across::at);
    ys = new double[values];
  }

  @Override
  protected void label(TickText texts) {
    for (double tokens : upwards.decades()) {
      double y = toY(upwards.at(tokens));
      texts.put(tokens(tokens), margins().left() - 6, y, Pos.CENTER_RIGHT, "number");
    }
    DecayShape shape = model().curve().shape();
    double bottom = toY(height());
    int step = step(xs.length);
    for (int channel = 0; channel < xs.length; channel += step) {
      double x = toX(across.at(channel));
      texts.put(Integer.toString(channel), x, bottom + 3, Pos.TOP_CENTER, "number");
    }
    String name = shape.values() == shape.channels() ? "channel" : "head";
    String heads =
        shape.version().hasHeads() && name.equals("channel")
            ? " (heads of %d)".formatted(shape.headSize())
            : "";
    texts.put(name + heads, toX(width() / 2.0), bottom + 18, Pos.TOP_CENTER);
    texts.putUpwards("half-life, tokens", 8, toY(height() / 2.0));
    double limit = shape.scale().shortest();
    if (limit > model().bottom() * 1.1) {
      String words = "the version's shortest: %s tokens".formatted(Numbers.tokens(limit));
      texts.put(words, toX(width()) - 6, toY(upwards.at(limit)) + 1, Pos.TOP_RIGHT);
    }
  }

  private static String tokens(double tokens) {
    return tokens < 1 ? Numbers.shortest(tokens) : Numbers.count(Math.round(tokens));
  }

  private static int step(int values) {
    int step = 1;
    while (values / step > 12) {
      step *= 2;
    }
    return step;
  }

  @Override
  protected void draw(CurveRaster on) {
    LabCurve curve = model().curve();
    if (xs.length != curve.shape().values()) {
      return;
    }
    for (double tokens : upwards.decades()) {
      on.horizontal(upwards.at(tokens), hair(), rgb(line()), 0);
    }
    heads(on, curve.shape());
    limit(on, curve.shape().scale());
    int layer = model().layerProperty().get();
    faint(on, curve, layer);
    band(on, layer);
    heights(model().original().halfLives(layer), ys);
    line(on, rgb(foreground()), 1.3, 0.75, (int) Math.round(5 * scale()));
    heights(curve.halfLives(layer), ys);
    line(on, rgb(accent()), 2, 1, 0);
    if (!model().paintingProperty().get()) {
      handles(on, curve.halfLives(layer));
    }
  }

  private void heads(CurveRaster on, DecayShape shape) {
    boolean wide = shape.values() == shape.channels() && shape.heads() > 1;
    if (wide && width() / (double) shape.heads() > 24) {
      for (int head = 1; head < shape.heads(); head++) {
        on.vertical(across.at(head * shape.headSize() - 0.5), hair(), rgb(line()));
      }
    }
  }

  private void limit(CurveRaster on, DecayScale scale) {
    double y = upwards.at(scale.shortest());
    if (y < height() - 2) {
      on.fill(0, (int) y, width(), height(), rgb(muted()), 0.16);
      on.horizontal(y, hair(), rgb(foreground()), (int) Math.max(1, 2 * scale()));
    }
    double longest = upwards.at(scale.longest());
    if (longest > 1) {
      on.fill(0, 0, width(), (int) longest, rgb(muted()), 0.16);
    }
  }

  private void faint(CurveRaster on, LabCurve curve, int chosen) {
    int layers = curve.shape().layers();
    int step = Math.max(1, layers / MOST_FAINT);
    for (int layer = 0; layer < layers; layer += step) {
      if (layer != chosen) {
        heights(curve.halfLives(layer), ys);
        line(on, rgb(muted()), 0.8, 0.35, 0);
      }
    }
  }

  private void band(CurveRaster on, int layer) {
    DataBand known = band;
    boolean fits = model().subjectProperty().get().isOpen();
    if (known == null || !fits || known.low()[layer].length != xs.length) {
      return;
    }
    DecayScale scale = model().curve().shape().scale();
    double[] raw = model().curve().raw(layer);
    double pitch = (double) width() / xs.length;
    double half = pitch >= 4 * hair() ? (pitch - hair()) / 2 : pitch / 2;
    for (int i = 0; i < xs.length; i++) {
      int top = (int) Math.round(height(scale.halfLife(raw[i] + known.low()[layer][i])));
      int bottom = (int) Math.round(height(scale.halfLife(raw[i] + known.high()[layer][i])));
      int left = (int) Math.round(xs[i] - half);
      int right = (int) Math.max(left + 1, Math.round(xs[i] + half));
      on.fill(left, top, right, Math.max(top + 1, bottom), rgb(accent()), 0.26);
    }
  }

  private void heights(double[] halfLives, double[] into) {
    for (int i = 0; i < halfLives.length; i++) {
      into[i] = height(halfLives[i]);
    }
  }

  private double height(double tokens) {
    return upwards.at(Math.clamp(tokens, upwards.from() * 0.5, upwards.to() * 2));
  }

  /** Neighbours far apart, as from one head to the next, are not joined. */
  private void line(CurveRaster on, int rgb, double thickness, double opacity, int dash) {
    int from = 0;
    for (int i = 1; i <= xs.length; i++) {
      if (i == xs.length || isJump(i)) {
        if (i - from > 1) {
          on.curve(xs, ys, from, i, thickness * scale(), rgb, opacity, dash);
        } else {
          dot(on, from, thickness * scale(), rgb, opacity);
        }
        from = i;
      }
    }
  }

  private boolean isJump(int channel) {
    DecayShape shape = model().curve().shape();
    boolean dense = width() < 2 * xs.length;
    boolean headBegins = xs.length == shape.channels() && channel % shape.headSize() == 0;
    return (dense || headBegins) && Math.abs(ys[channel] - ys[channel - 1]) > JUMP * height();
  }

  private void dot(CurveRaster on, int channel, double size, int rgb, double opacity) {
    double half = Math.max(1, size) / 2;
    double x = xs[channel];
    double y = ys[channel];
    int wide = (int) Math.max(Math.ceil(x + half), Math.floor(x - half) + 1);
    int high = (int) Math.max(Math.ceil(y + half), Math.floor(y - half) + 1);
    on.fill((int) Math.floor(x - half), (int) Math.floor(y - half), wide, high, rgb, opacity);
  }

  private void handles(CurveRaster on, double[] halfLives) {
    ControlPoints points = model().controlPoints();
    for (int p = 0; p < points.count(); p++) {
      int channel = points.channel(p);
      boolean chosen = p == model().pointProperty().get();
      double size = (chosen && isFocused() ? HANDLE * 1.4 : HANDLE) * scale() / 2;
      square(on, channel, halfLives[channel], size, rgb(background()));
      square(on, channel, halfLives[channel], size - hair(), rgb(accent()));
      if (!chosen) {
        square(on, channel, halfLives[channel], size - 2.5 * hair(), rgb(background()));
      }
    }
  }

  private void square(CurveRaster on, int channel, double tokens, double half, int rgb) {
    double x = across.at(channel);
    double y = Math.clamp(height(tokens), 0, height());
    on.fill(
        (int) Math.round(x - half),
        (int) Math.round(y - half),
        (int) Math.round(x + half),
        (int) Math.round(y + half),
        rgb,
        1);
  }

  private int channel(MouseEvent event) {
    return Math.clamp(Math.round(across.numberAt(across(event))), 0, xs.length - 1);
  }

  private double tokens(MouseEvent event) {
    return upwards.numberAt(Math.clamp(down(event), 0, height()));
  }

  private void press(MouseEvent event) {
    requestFocus();
    if (event.getButton() != MouseButton.PRIMARY) {
      return;
    }
    lastChannel = channel(event);
    lastTokens = tokens(event);
    if (model().paintingProperty().get()) {
      if (model().begin("paint")) {
        model().paint(lastChannel, lastTokens, lastChannel, lastTokens);
      }
    } else {
      int point = model().controlPoints().nearest(lastChannel);
      model().pointProperty().set(point);
      model().begin("move point " + (point + 1));
    }
    hover(event);
  }

  private void drag(MouseEvent event) {
    if (!event.isPrimaryButtonDown()) {
      return;
    }
    int channel = channel(event);
    double tokens = tokens(event);
    if (model().paintingProperty().get()) {
      model().paint(lastChannel, lastTokens, channel, tokens);
    } else {
      model().drag(model().pointProperty().get(), tokens);
    }
    lastChannel = channel;
    lastTokens = tokens;
    hover(event);
  }

  @Override
  protected void refresh() {
    if (hovered >= 0 && hovered < xs.length) {
      tell(CurveWords.channel(model(), hovered));
    } else {
      rest();
    }
  }

  /** Then it tells of the chosen control point, for the keyboard. */
  @Override
  protected void rest() {
    hovered = -1;
    ControlPoints points = model().controlPoints();
    int point = model().pointProperty().get();
    if (point < points.count()) {
      String words = CurveWords.channel(model(), points.channel(point));
      tell("point %d, %s".formatted(point + 1, words));
    }
  }

  @Override
  protected void hover(MouseEvent event) {
    hovered = channel(event);
    tell(CurveWords.channel(model(), hovered));
  }

  /** Where a control point is, in coordinates of this. */
  double[] handle(int point) {
    int channel = model().controlPoints().channel(point);
    return new double[] {toX(across.at(channel)), toY(height(model().halfLife(channel)))};
  }
}
