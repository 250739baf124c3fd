package rwkv.app.tensors;

import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.HeatSurface;
import rwkv.engine.analysis.Histogram;

/**
 * Draws a histogram's ranges as bars side by side. The fullest is as high as the picture; a range
 * with a single number in it is still seen.
 *
 * @param isLogarithmic whether heights are as log(1 + count), which shows the rare numbers too
 */
record BarPainter(Histogram histogram, boolean isLogarithmic) {

  /** How high a count stands, 0 to 1. */
  double height(double count) {
    long fullest = histogram.fullest();
    if (fullest == 0) {
      return 0;
    }
    return isLogarithmic ? Math.log1p(count) / Math.log1p(fullest) : count / fullest;
  }

  /** Where a number lies across, 0 to 1, or beyond. */
  double across(double x) {
    double from = histogram.from();
    double to = histogram.to();
    return from == to ? 0.5 + Math.signum(x - from) : (x / 2 - from / 2) / (to / 2 - from / 2);
  }

  /** The range at a place across, 0 to 1. */
  int rangeAt(double share) {
    return Math.clamp((long) (share * histogram.size()), 0, histogram.size() - 1);
  }

  /**
   * Draws.
   *
   * @param chosen the range in the other colour; -1 for none
   */
  void paint(HeatSurface surface, CurveRaster raster, int color, int chosenColor, int chosen) {
    int width = surface.width();
    int size = histogram.size();
    for (int range = 0; range < size; range++) {
      int left = (int) ((long) range * width / size);
      int right = (int) ((long) (range + 1) * width / size);
      bar(surface, raster, left, right, range, range == chosen ? chosenColor : color);
    }
  }

  private void bar(
      HeatSurface surface, CurveRaster raster, int left, int right, int range, int color) {
    long count = histogram.count(range);
    if (count > 0) {
      int rise = (int) Math.max(1, Math.round(height(count) * surface.height()));
      // Where there are fewer pixels than ranges, ranges share a column and the highest is seen.
      int end = Math.max(right, left + 1);
      raster.fill(left, surface.height() - rise, end, surface.height(), color, 1);
    }
  }
}
