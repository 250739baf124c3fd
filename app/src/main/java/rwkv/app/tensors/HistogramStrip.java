package rwkv.app.tensors;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.PictureRegion;
import rwkv.engine.analysis.TensorStatistics;

/** A histogram so small that it fits a line of the list. */
final class HistogramStrip extends PictureRegion {

  private static final double HEIGHT = 18;

  private final HeatSurface surface = new HeatSurface();
  private final CurveRaster raster = new CurveRaster();
  private @Nullable TensorStatistics statistics;
  private boolean isLogarithmic;

  HistogramStrip() {
    getStyleClass().add("histogram-strip");
    getChildren().add(surface.view());
    setMouseTransparent(true);
    setMinSize(20, HEIGHT);
    setPrefSize(20, HEIGHT);
    setMaxSize(Double.MAX_VALUE, HEIGHT);
  }

  void show(@Nullable TensorStatistics newStatistics, boolean newLogarithmic) {
    if (newStatistics != statistics || newLogarithmic != isLogarithmic) {
      statistics = newStatistics;
      isLogarithmic = newLogarithmic;
      requestLayout();
    }
  }

  @Override
  protected void arrange() {
    double scale = scale();
    int width = (int) Math.round(getWidth() * scale);
    int height = (int) Math.round(getHeight() * scale);
    surface.place(0, 0, width, height, scale);
    int[] pixels = surface.pixels();
    if (pixels.length == 0) {
      return;
    }
    // The line's own ground shows between the bars, also while the line is chosen.
    Arrays.fill(pixels, 0);
    raster.target(pixels, width, height);
    if (statistics != null && statistics.finite() > 0) {
      int thickness = (int) Math.max(1, Math.round(scale));
      raster.fill(0, height - thickness, width, height, rgb(line()), 1);
      BarPainter bars = new BarPainter(statistics.histogram(), isLogarithmic);
      double zero = bars.across(0);
      if (zero >= 0 && zero <= 1) {
        int x = (int) Math.min(width - thickness, Math.round(zero * width));
        raster.fill(x, 0, x + thickness, height, rgb(muted()), 0.5);
      }
      bars.paint(surface, raster, rgb(accent()), rgb(accent()), -1);
    }
    surface.show();
  }
}
