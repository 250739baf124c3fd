package rwkv.app.state;

import rwkv.app.chart.DivergingMap;

/** Writes a head's state, [value dim, key dim], as a square of pixels. */
final class TilePainter {

  private final DivergingMap map;
  private float[] highs = {};
  private float[] lows = {};

  TilePainter(DivergingMap map) {
    this.map = map;
  }

  /**
   * Every value as a square of {@code zoom} x {@code zoom} pixels.
   *
   * @param pixels ARGB, of rows of {@code stride}
   * @param at the tile's first pixel
   * @param from the head's first value
   * @param limit the size with the strongest colour; 0 draws all neutral
   */
  void magnified(
      int[] pixels, int stride, int at, float[] values, int from, int size, int zoom, float limit) {
    float gain = gain(limit);
    for (int i = 0; i < size; i++) {
      int row = at + i * zoom * stride;
      map.colors(values, from + i * size, size, gain, pixels, row);
      if (zoom > 1) {
        widen(pixels, row, size, zoom);
      }
      for (int n = 1; n < zoom; n++) {
        System.arraycopy(pixels, row, pixels, row + n * stride, size * zoom);
      }
    }
  }

  /**
   * Makes every one of {@code size} pixels {@code zoom} pixels wide, from the last to the first.
   */
  private static void widen(int[] pixels, int row, int size, int zoom) {
    for (int j = size - 1; j >= 0; j--) {
      int color = pixels[row + j];
      for (int pixel = row + j * zoom; pixel < row + (j + 1) * zoom; pixel++) {
        pixels[pixel] = color;
      }
    }
  }

  /** Every pixel as the value of the largest magnitude among {@code block} x {@code block}. */
  void reduced(
      int[] pixels,
      int stride,
      int at,
      float[] values,
      int from,
      int size,
      int block,
      float limit) {
    if (highs.length < size) {
      highs = new float[size];
      lows = new float[size];
    }
    float gain = gain(limit);
    int row = at;
    for (int i = 0; i < size; i += block) {
      extremes(values, from + i * size, size, Math.min(block, size - i));
      int pixel = row;
      for (int j = 0; j < size; j += block) {
        pixels[pixel++] = map.colorOf(extreme(j, Math.min(j + block, size)), gain);
      }
      row += stride;
    }
  }

  /** Largest and smallest of every column over some rows, in loops that the compiler vectorises. */
  private void extremes(float[] values, int from, int size, int rows) {
    float[] high = highs;
    float[] low = lows;
    System.arraycopy(values, from, high, 0, size);
    System.arraycopy(values, from, low, 0, size);
    for (int row = 1; row < rows; row++) {
      int at = from + row * size;
      for (int j = 0; j < size; j++) {
        high[j] = Math.max(high[j], values[at + j]);
      }
      for (int j = 0; j < size; j++) {
        low[j] = Math.min(low[j], values[at + j]);
      }
    }
  }

  /** The largest magnitude over some columns with its sign; NaN if there is one. */
  private float extreme(int from, int to) {
    float high = highs[from];
    float low = lows[from];
    for (int j = from + 1; j < to; j++) {
      high = Math.max(high, highs[j]);
      low = Math.min(low, lows[j]);
    }
    return high >= -low ? high : low;
  }

  private static float gain(float limit) {
    return limit > 0 ? DivergingMap.STEPS / limit : 0;
  }

  /**
   * Index of the largest magnitude in the block that begins at row {@code i}, column {@code j}; of
   * a number that is not one, if there is any.
   */
  static int largest(float[] values, int from, int size, int i, int j, int block) {
    int best = from + i * size + j;
    float most = Math.abs(values[best]);
    int rows = Math.min(i + block, size);
    int columns = Math.min(j + block, size);
    for (int row = i; row < rows; row++) {
      for (int column = j; column < columns; column++) {
        int index = from + row * size + column;
        float magnitude = Math.abs(values[index]);
        if (!(magnitude <= most) && !Float.isNaN(most)) {
          most = magnitude;
          best = index;
        }
      }
    }
    return best;
  }
}
