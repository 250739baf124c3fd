package rwkv.app.chart;

import java.util.Arrays;

/**
 * Draws curves of functions y(x) into pixels, smooth-edged and fast: some hundred curves in a few
 * milliseconds. Column by column, a pixel is covered as far as it lies within half the line's width
 * of the curve, measured across the curve. Coordinates are the screen's pixels from the upper left
 * corner; the ground is opaque.
 */
public final class CurveRaster {

  private int width;
  private int height;
  private int[] pixels = {};
  private float[] column = {};

  /** Draws into these pixels from now on, ARGB, {@code [height, width]}. */
  public void target(int[] newPixels, int newWidth, int newHeight) {
    pixels = newPixels;
    width = newWidth;
    height = newHeight;
    if (column.length < width + 2) {
      column = new float[width + 2];
    }
  }

  /** Fills all with a colour. */
  public void clear(int rgb) {
    Arrays.fill(pixels, 0xFF000000 | rgb);
  }

  /** A line across at {@code y}, {@code thickness} pixels thick, or with gaps. */
  public void horizontal(double y, int thickness, int rgb, int dash) {
    int top = (int) Math.round(y - thickness / 2.0);
    for (int row = Math.max(0, top); row < Math.min(height, top + thickness); row++) {
      for (int x = 0; x < width; x++) {
        if (dash == 0 || x / dash % 2 == 0) {
          pixels[row * width + x] = 0xFF000000 | rgb;
        }
      }
    }
  }

  /** A line downwards at {@code x}. */
  public void vertical(double x, int thickness, int rgb) {
    int left = (int) Math.round(x - thickness / 2.0);
    fill(left, 0, left + thickness, height, rgb, 1);
  }

  /** Fills from the upper left corner to before the lower right one. */
  public void fill(int left, int top, int right, int bottom, int rgb, double opacity) {
    for (int y = Math.max(0, top); y < Math.min(height, bottom); y++) {
      for (int x = Math.max(0, left); x < Math.min(width, right); x++) {
        blend(y * width + x, rgb, (float) opacity);
      }
    }
  }

  /**
   * Fills between two curves.
   *
   * @param count points used; ends where a bound is NaN
   */
  public void band(double[] xs, double[] lows, double[] highs, int count, int rgb, double opacity) {
    for (int p = 0; p + 1 < count && !Double.isNaN(lows[p + 1]); p++) {
      int last = (int) Math.min(width - 1, Math.floor(xs[p + 1] - 0.5));
      for (int x = (int) Math.max(0, Math.ceil(xs[p] - 0.5)); x <= last; x++) {
        double share = (x + 0.5 - xs[p]) / (xs[p + 1] - xs[p]);
        double a = lows[p] + share * (lows[p + 1] - lows[p]);
        double b = highs[p] + share * (highs[p + 1] - highs[p]);
        span(x, Math.min(a, b), Math.max(a, b), rgb, opacity);
      }
    }
  }

  private void span(int x, double top, double bottom, int rgb, double opacity) {
    int last = (int) Math.min(height - 1, Math.floor(bottom));
    for (int y = (int) Math.max(0, Math.floor(top)); y <= last; y++) {
      double covered = Math.min(bottom, y + 1) - Math.max(top, y);
      blend(y * width + x, rgb, (float) (opacity * covered));
    }
  }

  /**
   * A curve through points.
   *
   * @param xs ascending
   * @param from the first point used
   * @param to one past the last
   * @param thickness in pixels
   * @param dash length of dashes and of the gaps between them, 0 for none
   */
  public void curve(
      double[] xs,
      double[] ys,
      int from,
      int to,
      double thickness,
      int rgb,
      double opacity,
      int dash) {
    if (to - from < 2) {
      return;
    }
    int first = (int) Math.max(0, Math.ceil(xs[from] - 0.5));
    int last = (int) Math.min(width - 1, Math.floor(xs[to - 1] - 0.5));
    sample(xs, ys, from, to, first, last);
    float reach = (float) (thickness / 2 + 0.5);
    float full = (float) Math.min(1, thickness);
    for (int x = first; x <= last; x++) {
      if (dash == 0 || x / dash % 2 == 0) {
        float slope = (column[Math.min(x + 1, last)] - column[Math.max(x - 1, first)]) / 2;
        stroke(x, column[x], slope, reach, full * (float) opacity, rgb);
      }
    }
  }

  /** The curve's height at the middle of every column. */
  private void sample(double[] xs, double[] ys, int from, int to, int first, int last) {
    int p = from;
    for (int x = first; x <= last; x++) {
      while (p + 2 < to && xs[p + 1] < x + 0.5) {
        p++;
      }
      double share = (x + 0.5 - xs[p]) / (xs[p + 1] - xs[p]);
      column[x] = (float) (ys[p] + share * (ys[p + 1] - ys[p]));
    }
  }

  private void stroke(int x, float middle, float slope, float reach, float opacity, int rgb) {
    float across = (float) (1 / Math.sqrt(1 + slope * slope));
    float extent = reach / across;
    int top = (int) Math.max(0, Math.floor(middle - extent));
    int bottom = (int) Math.min(height - 1, Math.floor(middle + extent));
    for (int y = top; y <= bottom; y++) {
      float distance = Math.abs(y + 0.5f - middle) * across;
      float covered = Math.min(1, reach - distance);
      if (covered > 0) {
        blend(y * width + x, rgb, covered * opacity);
      }
    }
  }

  private void blend(int at, int rgb, float opacity) {
    int share = (int) (opacity * 256);
    int under = pixels[at];
    int redBlue = under & 0xFF00FF;
    int green = under & 0x00FF00;
    redBlue += ((rgb & 0xFF00FF) - redBlue) * share >> 8;
    green += ((rgb & 0x00FF00) - green) * share >> 8;
    pixels[at] = 0xFF000000 | redBlue & 0xFF00FF | green & 0x00FF00;
  }
}
