package rwkv.app.train;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.NiceAxis;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PlotPicture;
import rwkv.app.chart.TickText;

/** Curves over the steps of a training. */
abstract class StepsPicture extends PlotPicture {

  private static final double TALL = 200;

  private final RunsViewModel runs;
  private final String name;
  private NiceAxis steps = new NiceAxis(0, 10, 2);
  private NiceAxis values = new NiceAxis(0, 1, 1);
  private AxisMap across = new AxisMap(0, 10, false, 0, 1);
  private AxisMap upwards = new AxisMap(0, 1, false, 1, 0);
  private double[] xs = new double[64];
  private double[] ys = new double[64];

  StepsPicture(RunsViewModel runs, String name) {
    super(new Margins(50, 16, 8, 33));
    this.runs = runs;
    this.name = name;
    runs.revisionProperty().subscribe((_, _) -> show());
  }

  final RunsViewModel runs() {
    return runs;
  }

  /** Numbers from the least to the greatest that are to be seen; empty bounds for none. */
  record Bounds(double steps, double least, double most) {
    Bounds with(double step, double value) {
      return Double.isFinite(value)
          ? new Bounds(Math.max(steps, step), Math.min(least, value), Math.max(most, value))
          : this;
    }

    static Bounds none() {
      return new Bounds(1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }
  }

  abstract Bounds bounds();

  private NiceAxis stepAxis(Bounds bounds) {
    return NiceAxis.around(0, Math.max(10, bounds.steps), width() / scale() < 320 ? 4 : 8);
  }

  private NiceAxis valueAxis(Bounds bounds) {
    return bounds.least > bounds.most
        ? new NiceAxis(0, 1, 1)
        : NiceAxis.around(bounds.least, bounds.most, height() / scale() < TALL ? 3 : 6);
  }

  @Override
  protected boolean needsLayout() {
    Bounds bounds = bounds();
    return !steps.equals(stepAxis(bounds)) || !values.equals(valueAxis(bounds));
  }

  @Override
  protected void prepare() {
    Bounds bounds = bounds();
    steps = stepAxis(bounds);
    values = valueAxis(bounds);
    across = new AxisMap(0, steps.to(), false, 0.5, width() - 0.5);
    upwards = new AxisMap(values.from(), values.to(), false, height() - 0.5, 0.5 + scale());
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    for (double step : steps.ticks()) {
      String number = Numbers.count(Math.round(step));
      texts.put(number, toX(across.at(step)), bottom + 2, Pos.TOP_CENTER, "number");
    }
    texts.put("step", toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    for (double value : values.ticks()) {
      String number = tick(value);
      texts.put(number, margins().left() - 5, toY(upwards.at(value)), Pos.CENTER_RIGHT, "number");
    }
    texts.putUpwards(name, 7, toY(height() / 2.0));
  }

  /** A value of the axis in words. */
  String tick(double value) {
    return Numbers.shortest(Math.abs(value) < 1e-9 ? 0 : value);
  }

  final void grid(CurveRaster on) {
    for (double step : steps.ticks()) {
      on.vertical(across.at(step), hair(), rgb(line()));
    }
    for (double value : values.ticks()) {
      on.horizontal(upwards.at(value), hair(), rgb(line()), 0);
    }
  }

  /** Draws the values of the steps from 1; as many of them as there are columns. */
  final void curve(
      CurveRaster on, int size, IntToDoubleFunction value, double thickness, int rgb, double dash) {
    int stride = Math.max(1, size / Math.max(1, 2 * width()));
    int count = 0;
    for (int i = 0; i < size; i += stride) {
      int at = i + stride >= size ? size - 1 : i;
      double y = value.applyAsDouble(at);
      if (Double.isFinite(y)) {
        if (count == xs.length) {
          xs = Arrays.copyOf(xs, 2 * count);
          ys = Arrays.copyOf(ys, 2 * count);
        }
        xs[count] = across.at(at + 1);
        ys[count++] = upwards.at(y);
      }
    }
    int gap = (int) Math.round(dash * scale());
    on.curve(xs, ys, 0, count, thickness * scale(), rgb, 1, gap);
  }

  /** The step under the mouse; 0 for none. */
  final int step(MouseEvent event) {
    double x = across(event);
    return across.contains(x) ? (int) Math.max(1, Math.round(across.numberAt(x))) : 0;
  }
}
