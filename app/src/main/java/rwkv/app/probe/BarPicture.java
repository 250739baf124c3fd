package rwkv.app.probe;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.TickText;

/** Bars over categories; those of several series side by side. */
final class BarPicture extends ChartPicture {

  private static final double LETTER = 6.6;
  private static final double WIDEST = 60;

  private BarData data;
  private PlotAxis axis = PlotAxis.around(1, 0, false, 4);
  private AxisMap upwards = axis.map(1, 0);

  BarPicture(String title, BarData data) {
    super(new Margins(58, 16, 8, 34), title);
    this.data = data;
  }

  void data(BarData next) {
    data = next;
    changed();
  }

  @Override
  List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (int s = 0; s < data.names().size(); s++) {
      keys.add(new Key(data.names().get(s), s, 0, false));
    }
    return keys;
  }

  @Override
  int colors() {
    return data.names().size();
  }

  @Override
  int missing() {
    return data.missing();
  }

  @Override
  void arrangeAxes() {
    boolean logarithmic = data.value().logarithmic();
    double least = logarithmic ? Double.POSITIVE_INFINITY : 0;
    double most = logarithmic ? Double.NEGATIVE_INFINITY : 0;
    for (double[] series : data.values()) {
      for (double number : series) {
        if (Double.isFinite(number) && (number > 0 || !logarithmic)) {
          least = Math.min(least, number);
          most = Math.max(most, number);
        }
      }
    }
    int steps = height() / scale() < 150 ? 3 : 6;
    // A bar of the least number must be seen, too.
    axis = PlotAxis.around(logarithmic ? least / 1.5 : least, most, logarithmic, steps);
    upwards = axis.map(height() - 0.5, 0.5 + 4 * scale());
  }

  private double slot() {
    return (double) width() / Math.max(1, data.categories().size());
  }

  /** Where a bar begins. */
  private double left(int category, int series) {
    double room = Math.min(0.8 * slot(), WIDEST * scale() * data.names().size());
    double start = (category + 0.5) * slot() - room / 2;
    return start + room * series / data.names().size();
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    double last = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < data.categories().size(); c++) {
      String words = data.categories().get(c);
      double x = toX((c + 0.5) * slot());
      double half = LETTER * words.length() / 2;
      if (x - half > last + 4) {
        texts.put(words, x, bottom + 2, Pos.TOP_CENTER, "number");
        last = x + half;
      }
    }
    texts.put(words(data.category()), toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    for (double tick : axis.ticks()) {
      double y = toY(upwards.at(tick));
      String words = Numbers.shortest(Math.abs(tick) < 1e-12 ? 0 : tick);
      texts.put(words, margins().left() - 5, y, Pos.CENTER_RIGHT, "number");
    }
    texts.putUpwards(words(data.value()), 8, toY(height() / 2.0));
  }

  @Override
  protected void draw(CurveRaster on) {
    for (double tick : axis.ticks()) {
      on.horizontal(upwards.at(tick), hair(), rgb(line()), 0);
    }
    double ground = upwards.at(axis.logarithmic() ? axis.from() : 0);
    for (int s = 0; s < data.names().size(); s++) {
      for (int c = 0; c < data.categories().size(); c++) {
        double number = data.values()[s][c];
        if (Double.isFinite(number) && (number > 0 || !axis.logarithmic())) {
          double end = upwards.at(number);
          int left = (int) Math.round(left(c, s));
          int right = (int) Math.max(left + 1.0, Math.round(left(c, s + 1)) - hair());
          int top = (int) Math.round(Math.min(end, ground));
          int bottom = (int) Math.max(top + 1.0, Math.round(Math.max(end, ground)));
          on.fill(left, top, right, bottom, colorOf(s), 1);
        }
      }
    }
    on.horizontal(ground, hair(), rgb(muted()), 0);
  }

  @Override
  protected void hover(MouseEvent event) {
    int category = (int) Math.floor(across(event) / slot());
    if (category < 0 || category >= data.categories().size()) {
      tell("");
      return;
    }
    List<String> told = new ArrayList<>();
    for (int s = 0; s < data.names().size(); s++) {
      double number = data.values()[s][category];
      boolean alone = data.names().size() == 1;
      boolean over = across(event) >= left(category, s) && across(event) < left(category, s + 1);
      if (!Double.isNaN(number) && (alone || over)) {
        told.add((data.names().get(s) + " " + Cells.exact(number)).strip());
      }
    }
    String place = words(data.category()) + " " + data.categories().get(category);
    tell(place + (told.isEmpty() ? "" : ": " + words(data.value()) + " " + told.getFirst()));
  }
}
