package rwkv.app.probe;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.TickText;

/** Lines or points on two axes of numbers. */
final class XyPicture extends ChartPicture {

  private static final double NEAR = 40;
  private static final int MOST_MARKED = 80;

  private XyData data;
  private PlotAxis xAxis = PlotAxis.around(1, 0, false, 4);
  private PlotAxis yAxis = PlotAxis.around(1, 0, false, 4);
  private AxisMap across = xAxis.map(0, 1);
  private AxisMap upwards = yAxis.map(1, 0);
  private @Nullable Found pointed;

  private record Found(XySeries series, int index) {}

  XyPicture(String title, XyData data) {
    super(new Margins(58, 16, 8, 34), title);
    this.data = data;
  }

  void data(XyData next) {
    data = next;
    pointed = null;
    changed();
  }

  @Override
  List<Key> keys() {
    return data.series().stream()
        .map(series -> new Key(series.name(), series.color(), series.style(), data.joined()))
        .toList();
  }

  @Override
  int colors() {
    return data.colors();
  }

  @Override
  int missing() {
    return data.missing();
  }

  @Override
  void arrangeAxes() {
    double unit = scale();
    xAxis = axis(true, width() / unit < 320 ? 4 : 7);
    yAxis = axis(false, height() / unit < 150 ? 3 : 6);
    double inset = 6 * unit;
    across = xAxis.map(inset, width() - inset);
    upwards = yAxis.map(height() - inset, inset);
  }

  private PlotAxis axis(boolean isX, int steps) {
    boolean logarithmic = isX ? data.x().logarithmic() : data.y().logarithmic();
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (XySeries series : data.series()) {
      for (double number : isX ? series.xs() : series.ys()) {
        if (Double.isFinite(number) && (number > 0 || !logarithmic)) {
          least = Math.min(least, number);
          most = Math.max(most, number);
        }
      }
    }
    return PlotAxis.around(least, most, logarithmic, steps);
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    double last = Double.NEGATIVE_INFINITY;
    for (double tick : xAxis.ticks()) {
      double x = toX(across.at(tick));
      String words = Numbers.shortest(clean(tick));
      double half = 3.4 * words.length();
      if (x - half > last + 4) {
        texts.put(words, x, bottom + 2, Pos.TOP_CENTER, "number");
        last = x + half;
      }
    }
    texts.put(words(data.x()), toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    for (double tick : yAxis.ticks()) {
      double y = toY(upwards.at(tick));
      texts.put(Numbers.shortest(clean(tick)), margins().left() - 5, y, Pos.CENTER_RIGHT, "number");
    }
    texts.putUpwards(words(data.y()), 8, toY(height() / 2.0));
  }

  /** Without the dirt of adding. */
  private static double clean(double tick) {
    return Math.abs(tick) < 1e-12 ? 0 : tick;
  }

  @Override
  protected void draw(CurveRaster on) {
    for (double tick : xAxis.ticks()) {
      on.vertical(across.at(tick), hair(), rgb(line()));
    }
    for (double tick : yAxis.ticks()) {
      on.horizontal(upwards.at(tick), hair(), rgb(line()), 0);
    }
    for (int s = data.series().size() - 1; s >= 0; s--) {
      XySeries series = data.series().get(s);
      if (data.joined()) {
        join(on, series);
      }
      if (!data.joined() || series.size() <= MOST_MARKED) {
        mark(on, series);
      }
    }
    if (pointed != null) {
      double x = x(pointed.series, pointed.index);
      double y = y(pointed.series, pointed.index);
      Marks.ring(on, x, y, 6 * scale(), 1.5 * scale(), rgb(foreground()));
    }
  }

  private void join(CurveRaster on, XySeries series) {
    int dash = series.style() == 0 ? 0 : (int) Math.round((2 + 3 * series.style()) * scale());
    double length = 0;
    double[] before = {Double.NaN, 0};
    for (int i = 0; i < series.size(); i++) {
      double[] point = {x(series, i), y(series, i)};
      if (isSeen(before) && isSeen(point)) {
        length =
            Marks.line(on, before, point, 1.8 * scale(), colorOf(series.color()), dash, length);
      }
      before = point;
    }
  }

  private void mark(CurveRaster on, XySeries series) {
    double radius = (data.joined() ? 2.6 : 3.4) * scale();
    int kind = data.joined() ? series.style() : series.style() + series.color();
    for (int i = 0; i < series.size(); i++) {
      double[] point = {x(series, i), y(series, i)};
      if (isSeen(point)) {
        Marks.point(on, kind, point[0], point[1], radius, colorOf(series.color()));
      }
    }
  }

  /** Coordinate in the drawing; NaN for none. */
  private double x(XySeries series, int index) {
    double number = series.xs()[index];
    return xAxis.logarithmic() && number <= 0 ? Double.NaN : across.at(number);
  }

  private double y(XySeries series, int index) {
    double number = series.ys()[index];
    return yAxis.logarithmic() && number <= 0 ? Double.NaN : upwards.at(number);
  }

  private static boolean isSeen(double[] point) {
    return Double.isFinite(point[0]) && Double.isFinite(point[1]);
  }

  @Override
  protected void hover(MouseEvent event) {
    pointed = nearest(across(event), down(event));
    if (pointed == null) {
      tell("");
    } else {
      XySeries series = pointed.series;
      tell(
          "%s %s: %s %s%s"
              .formatted(
                  words(data.x()),
                  Cells.exact(series.xs()[pointed.index]),
                  words(data.y()),
                  Cells.exact(series.ys()[pointed.index]),
                  series.name().isEmpty() ? "" : " (" + series.name() + ")"));
    }
    paint();
  }

  private @Nullable Found nearest(double atX, double atY) {
    Found found = null;
    double least = NEAR * scale();
    for (XySeries series : data.series()) {
      for (int i = 0; i < series.size(); i++) {
        double distance = Math.hypot(x(series, i) - atX, y(series, i) - atY);
        if (distance < least) {
          least = distance;
          found = new Found(series, i);
        }
      }
    }
    return found;
  }

  @Override
  protected void rest() {
    super.rest();
    if (pointed != null) {
      pointed = null;
      paint();
    }
  }
}
