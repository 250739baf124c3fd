package rwkv.app.decaylab;

import java.util.Arrays;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.TickText;
import rwkv.engine.analysis.HalfLives;
import rwkv.engine.analysis.Histogram;

/** How many half-lives there are of which length: of the chosen layer, and of all, as shares. */
final class SpreadPicture extends LabPicture {

  /** Ranges to a factor of ten. */
  private static final int PER_DECADE = 5;

  private AxisMap across = new AxisMap(1, 10, true, 0, 1);
  private double shown;

  SpreadPicture(DecayLabViewModel model) {
    super(model, new Margins(42, 12, 6, 33));
    setAccessibleText("Histogram of half-lives");
  }

  @Override
  protected boolean needsLayout() {
    return across.to() != model().top()
        || across.from() != from()
        || shown != 100 * most(ofLayer(), ofAll());
  }

  private double from() {
    return model().bottom() < 0.1 ? 0.01 : 0.1;
  }

  @Override
  protected void prepare() {
    across = new AxisMap(from(), model().top(), true, 0, width());
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    for (double n : across.decades()) {
      String number =
          n >= 1e6
              ? Math.round(n / 1e6) + "M"
              : n >= 1e3 ? Math.round(n / 1000) + "k" : Numbers.shortest(n);
      texts.put(number, toX(across.at(n)), bottom + 2, Pos.TOP_CENTER, "number");
    }
    texts.put("half-life, tokens", toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    texts.putUpwards("share of channels", 7, toY(height() / 2.0));
    double most = 100 * most(ofLayer(), ofAll());
    texts.put(Numbers.shortest(Math.round(most)) + " %", 38, toY(4), Pos.CENTER_RIGHT, "number");
    texts.put("0", 38, toY(height()), Pos.CENTER_RIGHT, "number");
    shown = most;
  }

  private Histogram histogram(double[] halfLives) {
    int ranges = (int) Math.round(Math.log10(across.to() / across.from()) * PER_DECADE);
    return HalfLives.histogram(halfLives, across.from(), across.to(), ranges);
  }

  private Histogram ofLayer() {
    return histogram(model().curve().halfLives(model().layerProperty().get()));
  }

  private Histogram ofAll() {
    return histogram(
        Arrays.stream(model().curve().halfLives()).flatMapToDouble(Arrays::stream).toArray());
  }

  @Override
  protected void draw(CurveRaster on) {
    for (double n : across.decades()) {
      on.vertical(across.at(n), hair(), rgb(line()));
    }
    Histogram layer = ofLayer();
    Histogram all = ofAll();
    double most = most(layer, all);
    for (int range = 0; range < layer.size(); range++) {
      bar(on, all, range, most, rgb(muted()), 0.35, 0);
      bar(on, layer, range, most, rgb(accent()), 0.9, width() / layer.size() / 6);
    }
  }

  private static double most(Histogram layer, Histogram all) {
    return Math.max(
        (double) layer.fullest() / Math.max(1, layer.total()),
        (double) all.fullest() / Math.max(1, all.total()));
  }

  private void bar(
      CurveRaster on, Histogram of, int range, double most, int rgb, double opacity, int inset) {
    if (of.count(range) > 0) {
      double share = (double) of.count(range) / of.total() / most;
      int rise = (int) Math.max(1, Math.round(share * (height() - 4)));
      int left = (int) ((long) range * width() / of.size());
      int right = (int) ((long) (range + 1) * width() / of.size());
      int end = Math.max(right - hair() - inset, left + inset + 1);
      on.fill(left + inset, height() - rise, end, height(), rgb, opacity);
    }
  }

  @Override
  protected void hover(MouseEvent event) {
    Histogram layer = ofLayer();
    int range = (int) (across(event) * layer.size() / Math.max(1, width()));
    if (range >= 0 && range < layer.size()) {
      tell(
          "%s to %s tokens: %s of %s channels, %s in all layers"
              .formatted(
                  Numbers.tokens(Math.pow(10, layer.edge(range))),
                  Numbers.tokens(Math.pow(10, layer.edge(range + 1))),
                  Numbers.count(layer.count(range)),
                  Numbers.count(layer.total()),
                  Numbers.count(ofAll().count(range))));
    }
  }
}
