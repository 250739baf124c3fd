package rwkv.app.train;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PlotPicture;
import rwkv.app.chart.TickText;

/** The half-lives of the chosen run's layer: where they began and where they are. */
final class DriftPicture extends PlotPicture {

  private static final double SHORTEST = 0.01;
  private static final double LONGEST = 1e7;

  private final RunsViewModel runs;
  private AxisMap across = new AxisMap(0, 1, false, 0, 1);
  private AxisMap upwards = new AxisMap(1, 10, true, 1, 0);
  private double[] before = {};
  private double[] now = {};

  DriftPicture(RunsViewModel runs) {
    super(new Margins(50, 16, 8, 33));
    this.runs = runs;
    setAccessibleText("Half-lives of the chosen run's layer, at first and now");
    runs.revisionProperty()
        .subscribe((_, _) -> {
          follow();
          show();
        });
    follow();
  }

  private void follow() {
    RunViewModel run = runs.chosenProperty().get();
    before = run == null ? new double[0] : run.start().halfLives(layer(run));
    now = run == null ? before : run.decays().halfLives(layer(run));
  }

  private int layer(RunViewModel run) {
    return Math.min(runs.layerProperty().get(), run.start().shape().layers() - 1);
  }

  private double power(double direction) {
    double edge =
        DoubleStream.concat(Arrays.stream(before), Arrays.stream(now))
            .map(Math::log10)
            .filter(Double::isFinite)
            .map(x -> direction * x)
            .max()
            .orElse(direction < 0 ? 0 : 3);
    double power = Math.pow(10, direction * Math.ceil(edge - 1e-9));
    return Math.clamp(power, SHORTEST, LONGEST);
  }

  @Override
  protected boolean needsLayout() {
    return across.to() != Math.max(1, now.length - 1)
        || upwards.from() != power(-1)
        || upwards.to() != top();
  }

  private double top() {
    return Math.max(power(1), 10 * power(-1));
  }

  @Override
  protected void prepare() {
    double inset = 4 * scale();
    across = new AxisMap(0, Math.max(1, now.length - 1), false, inset, width() - inset);
    upwards = new AxisMap(power(-1), top(), true, height() - 0.5, 0.5 + scale());
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    for (double n : upwards.decades()) {
      String number =
          n >= 1e6
              ? Math.round(n / 1e6) + "M"
              : n >= 1e3 ? Math.round(n / 1000) + "k" : Numbers.shortest(n);
      texts.put(number, margins().left() - 5, toY(upwards.at(n)), Pos.CENTER_RIGHT, "number");
    }
    texts.put("0", toX(across.at(0)), bottom + 2, Pos.TOP_CENTER, "number");
    if (now.length > 1) {
      String last = Numbers.count(now.length - 1L);
      texts.put(last, toX(across.at(now.length - 1)), bottom + 2, Pos.TOP_CENTER, "number");
    }
    texts.put(axis(), toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    texts.putUpwards("half-life, tokens", 7, toY(height() / 2.0));
  }

  private String axis() {
    RunViewModel run = runs.chosenProperty().get();
    boolean perHead = run != null && run.start().shape().values() < run.start().shape().channels();
    return perHead ? "head" : "channel";
  }

  @Override
  protected void draw(CurveRaster on) {
    for (double n : upwards.decades()) {
      on.horizontal(upwards.at(n), hair(), rgb(line()), 0);
    }
    curve(on, now, 2.2, rgb(accent()), 0);
    curve(on, before, 1.4, rgb(foreground()), 5);
  }

  private void curve(CurveRaster on, double[] halfLives, double thickness, int rgb, int dash) {
    double[] xs = new double[halfLives.length];
    Arrays.setAll(xs, across::at);
    double[] ys = Arrays.stream(halfLives).map(upwards::at).toArray();
    int gap = (int) Math.round(dash * scale());
    on.curve(xs, ys, 0, xs.length, thickness * scale(), rgb, 1, gap);
  }

  @Override
  protected void hover(MouseEvent event) {
    int i = channel(event);
    if (i >= 0) {
      tell(
          "%s %d: half-life %s, began with %s"
              .formatted(axis(), i, Numbers.tokens(now[i]), Numbers.tokens(before[i])));
    }
  }

  private int channel(MouseEvent event) {
    int i = (int) Math.round(across.numberAt(across(event)));
    return i >= 0 && i < now.length ? i : -1;
  }
}
