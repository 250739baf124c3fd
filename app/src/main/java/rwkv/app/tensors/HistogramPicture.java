package rwkv.app.tensors;

import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.CalmLimit;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.TickText;
import rwkv.engine.analysis.Histogram;
import rwkv.engine.analysis.TensorStatistics;

/** The histogram of the chosen tensor with its axes. */
final class HistogramPicture extends PictureRegion {

  private static final double LEFT = 58;
  private static final double RIGHT = 26;
  private static final double TOP = 8;
  private static final double BOTTOM = 20;
  private static final double TICK_GAP = 44;

  private final HeatSurface surface = new HeatSurface();
  private final CurveRaster raster = new CurveRaster();
  private final TickText words = new TickText();
  private final TensorDetailViewModel model;

  HistogramPicture(TensorDetailViewModel model) {
    this.model = model;
    getStyleClass().add("histogram-picture");
    getChildren().addAll(surface.view(), words);
    setMinSize(160, 90);
    setPrefSize(300, 150);
    setCursor(Cursor.CROSSHAIR);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    accessibleTextProperty().bind(model.titleProperty());
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> {
      model.hoverRange(-1);
      paint();
    });
    model.entryProperty().subscribe(_ -> requestLayout());
    model.logarithmicProperty().subscribe(_ -> requestLayout());
  }

  private @Nullable BarPainter bars() {
    TensorStatistics statistics = model.statistics();
    return statistics == null || statistics.finite() == 0
        ? null
        : new BarPainter(statistics.histogram(), model.logarithmicProperty().get());
  }

  @Override
  protected void arrange() {
    double scale = scale();
    surface.place(
        (int) Math.round(LEFT * scale),
        (int) Math.round(TOP * scale),
        (int) Math.round((getWidth() - LEFT - RIGHT) * scale),
        (int) Math.round((getHeight() - TOP - BOTTOM) * scale),
        scale);
    words.begin();
    BarPainter bars = bars();
    if (bars != null && surface.pixels().length > 0) {
      label(bars, surface.width() / scale, surface.height() / scale);
    }
    words.end();
    paint();
  }

  private void label(BarPainter bars, double width, double height) {
    for (double tick : ticks(bars.histogram(), width)) {
      double x = LEFT + bars.across(tick) * width;
      words.put(Numbers.shortest(tick), x, TOP + height + 3, Pos.TOP_CENTER, "number");
    }
    long fullest = bars.histogram().fullest();
    double last = Double.MAX_VALUE;
    for (double count : counts(bars)) {
      double y = TOP + (1 - bars.height(count)) * height;
      if (last - y > 13) {
        words.put(Numbers.count((long) count), LEFT - 5, y, Pos.CENTER_RIGHT, "number");
        last = y;
      }
    }
    if (fullest > 0) {
      words.putUpwards("numbers", 6, TOP + height / 2);
    }
  }

  /** Round numbers between the bounds, or the one number that there is. */
  static double[] ticks(Histogram histogram, double width) {
    double half = histogram.to() / 2 - histogram.from() / 2;
    if (!(half > 0 && half <= Double.MAX_VALUE / 4)) {
      return new double[] {histogram.from()};
    }
    double step = CalmLimit.roundUp(2 * half * Math.min(1, TICK_GAP / width));
    double first = Math.ceil(histogram.from() / step);
    int count = (int) (Math.floor(histogram.to() / step) - first) + 1;
    // A spread far smaller than its distance from zero has no round numbers that a double can tell.
    if (count < 1 || count > 100) {
      return new double[] {histogram.from()};
    }
    double[] ticks = new double[count];
    for (int i = 0; i < count; i++) {
      ticks[i] = (first + i) * step;
    }
    return ticks;
  }

  /** Counts that are marked on the axis upwards. */
  private static double[] counts(BarPainter bars) {
    long fullest = bars.histogram().fullest();
    if (!bars.isLogarithmic()) {
      return new double[] {0, Math.floor(fullest / 2.0), fullest};
    }
    int decades = (int) Math.floor(Math.log10(fullest)) + 1;
    double[] counts = new double[decades + 1];
    for (int power = 0; power < decades; power++) {
      counts[power + 1] = Math.pow(10, power);
    }
    return counts;
  }

  /** Draws the bars as they are now. */
  private void paint() {
    if (surface.pixels().length == 0) {
      return;
    }
    int width = surface.width();
    int height = surface.height();
    raster.target(surface.pixels(), width, height);
    raster.clear(rgb(background()));
    int thickness = (int) Math.max(1, Math.round(scale()));
    BarPainter bars = bars();
    if (bars != null) {
      for (double count : counts(bars)) {
        double y = height - bars.height(count) * (height - thickness) - thickness / 2.0;
        raster.horizontal(y, thickness, rgb(line()), 0);
      }
      double zero = bars.across(0);
      if (zero >= 0 && zero <= 1) {
        double x = Math.clamp(zero * width, thickness, width - thickness);
        raster.vertical(x, thickness, rgb(muted()));
      }
      bars.paint(surface, raster, rgb(accent()), rgb(foreground()), model.range());
    }
    surface.show();
  }

  private void hover(MouseEvent event) {
    BarPainter bars = bars();
    double share = (event.getX() - LEFT) / (getWidth() - LEFT - RIGHT);
    model.hoverRange(bars == null || share < 0 || share >= 1 ? -1 : bars.rangeAt(share));
    paint();
  }
}
