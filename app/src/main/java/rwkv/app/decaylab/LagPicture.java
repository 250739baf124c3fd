package rwkv.app.decaylab;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.SequentialMap;
import rwkv.app.chart.TickText;
import rwkv.engine.analysis.DecayProfile;
import rwkv.engine.analysis.LagGrid;

/** Curves over the distance from a write, in tokens. */
abstract class LagPicture extends LabPicture {

  private static final double FARTHEST = 1e5;

  private final double[] xs = new double[LabCurve.LAGS.size()];
  private final double[] ys = new double[LabCurve.LAGS.size()];
  private final String name;
  private final double[] ticks;
  private AxisMap across = new AxisMap(1, FARTHEST, true, 0, 1);
  private AxisMap upwards = new AxisMap(0, 1, false, 1, 0);

  LagPicture(DecayLabViewModel model, String name, double... ticks) {
    super(model, new Margins(48, 16, 6, 33));
    this.name = name;
    this.ticks = ticks.clone();
  }

  private boolean isLogarithmic() {
    return ticks[0] > 0;
  }

  @Override
  protected void prepare() {
    across = new AxisMap(1, FARTHEST, true, 0.5, width() - 0.5);
    upwards = new AxisMap(ticks[0], 1, isLogarithmic(), height() - 0.5, 0.5 + scale());
    Arrays.setAll(xs, p -> across.at(LabCurve.LAGS.lag(p)));
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    for (double n : across.decades()) {
      String number = n >= 1e3 ? Math.round(n / 1000) + "k" : Math.round(n) + "";
      texts.put(number, toX(across.at(n)), bottom + 2, Pos.TOP_CENTER, "number");
    }
    texts.put("tokens after the write", toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    for (double tick : ticks) {
      String words = isLogarithmic() ? power(tick) : Math.round(tick * 100) + " %";
      texts.put(words, margins().left() - 5, toY(upwards.at(tick)), Pos.CENTER_RIGHT, "number");
    }
    texts.putUpwards(name, 7, toY(height() / 2.0));
  }

  private static String power(double tick) {
    int exponent = (int) Math.round(-Math.log10(tick));
    return exponent == 0 ? "1" : "10⁻" + "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(exponent);
  }

  final void grid(CurveRaster on) {
    for (double n : across.decades()) {
      on.vertical(across.at(n), hair(), rgb(line()));
    }
    for (double tick : ticks) {
      on.horizontal(upwards.at(tick), hair(), rgb(line()), 0);
    }
  }

  /** Draws a curve given at the distances of the grid. */
  final void curve(
      CurveRaster on, DoubleUnaryOperator at, double thickness, int rgb, double opacity, int dash) {
    for (int p = 0; p < ys.length; p++) {
      double share = at.applyAsDouble(p);
      ys[p] = upwards.at(Math.max(share, isLogarithmic() ? ticks[0] * 0.1 : 0));
    }
    int gap = (int) Math.round(dash * scale());
    on.curve(xs, ys, 0, ys.length, thickness * scale(), rgb, opacity, gap);
  }

  final DecayProfile profile() {
    return model().curve().profile(model().layerProperty().get());
  }

  /** The place on the grid under the mouse; −1 for none. */
  final int place(MouseEvent event) {
    double x = across(event);
    return across.contains(x) ? LabCurve.LAGS.at(across.numberAt(x)) : -1;
  }

  /** What is left of a write, channel by channel, and the mean over channels. */
  static final class Impulse extends LagPicture {

    private static final int MOST_CURVES = 96;

    private final double[] response = new double[LabCurve.LAGS.size()];

    Impulse(DecayLabViewModel model) {
      super(model, "left of the write", 0, 0.25, 0.5, 0.75, 1);
      setAccessibleText("Impulse response of every channel of the chosen layer");
    }

    @Override
    protected void draw(CurveRaster on) {
      grid(on);
      SequentialMap colors = SequentialMap.on(rgb(background()));
      LagGrid lags = LabCurve.LAGS;
      double[] halfLives = model().curve().halfLives(model().layerProperty().get());
      int step = step(halfLives.length);
      for (int i = 0; i < halfLives.length; i += step) {
        lags.response(halfLives[i], response);
        int color = colors.color(Math.log10(halfLives[i]) / 4);
        curve(on, p -> response[(int) p], 0.8, color, 0.55, 0);
      }
      DecayProfile profile = profile();
      curve(on, p -> profile.mean((int) p), 2.4, rgb(accent()), 1, 0);
    }

    private static int step(int channels) {
      return Math.max(1, (channels + MOST_CURVES - 1) / MOST_CURVES);
    }

    /** Which channels are drawn; empty if all. */
    String sampled() {
      int step = step(model().curve().shape().values());
      return step == 1 ? "" : "every %dth channel drawn".formatted(step);
    }

    @Override
    protected void hover(MouseEvent event) {
      int p = place(event);
      if (p >= 0) {
        String tokens = Numbers.tokens(LabCurve.LAGS.lag(p));
        tell("after %s: %s".formatted(tokens, CurveWords.share(profile().mean(p))));
      }
    }
  }

  /** Sizes of gradients. */
  static final class Gradient extends LagPicture {

    Gradient(DecayLabViewModel model) {
      super(model, "gradient that is left", 1e-6, 1e-4, 1e-2, 1);
      setAccessibleText("Size of the gradient that reaches a write n tokens back");
    }

    @Override
    protected void draw(CurveRaster on) {
      grid(on);
      LabCurve curve = model().curve();
      int chosen = model().layerProperty().get();
      for (int layer = 0; layer < curve.shape().layers(); layer++) {
        if (layer != chosen) {
          DecayProfile other = curve.profile(layer);
          curve(on, p -> other.rms((int) p), 0.8, rgb(muted()), 0.4, 0);
        }
      }
      DecayProfile profile = profile();
      curve(on, p -> profile.mean((int) p), 1.4, rgb(accent()), 0.7, 5);
      curve(on, p -> profile.rms((int) p), 2.4, rgb(accent()), 1, 0);
      double most = largest(profile);
      curve(on, p -> profile.training((int) p) / most, 1.6, rgb(foreground()), 0.9, 2);
    }

    private static double largest(DecayProfile profile) {
      double most = 1e-300;
      for (int p = 0; p < LabCurve.LAGS.size(); p++) {
        most = Math.max(most, profile.training(p));
      }
      return most;
    }

    @Override
    protected void hover(MouseEvent event) {
      int p = place(event);
      if (p >= 0) {
        tell(
            "n = %s: RMS %s, mean %s, n wⁿ %s"
                .formatted(
                    Numbers.tokens(LabCurve.LAGS.lag(p)),
                    Numbers.significant(profile().rms(p), 3),
                    Numbers.significant(profile().mean(p), 3),
                    Numbers.significant(profile().training(p), 3)));
      }
    }
  }
}
