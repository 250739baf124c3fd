package rwkv.app.state;

import rwkv.app.chart.DivergingMap;

/** Writes a head's state, [value dim, key dim], as pixels. */
final class TilePainter {

  private final DivergingMap map;
  private float[] highs = {};
  private float[] lows = {};

  TilePainter(DivergingMap map) {
    this.map = map;
  }

  /**
   * Every value as {@code across} x {@code down} pixels.
   *
   * @param pixels ARGB, of rows of {@code stride}
   * @param at the tile's first pixel
   * @param from the head's first value
   * @param limit the size with the strongest colour; 0 draws all neutral
   */
  void magnified(
      int[] pixels,
      int stride,
      int at,
      float[] values,
      int from,
      int rows,
      int columns,
      int across,
      int down,
      float limit) {
    float gain = gain(limit);
    for (int i = 0; i < rows; i++) {
      int row = at + i * down * stride;
      map.colors(values, from + i * columns, columns, gain, pixels, row);
      if (across > 1) {
        widen(pixels, row, columns, across);
      }
      repeat(pixels, row, stride, columns * across, down);
    }
  }

  /** Copies a row of pixels so that it is there {@code down} times. */
  private static void repeat(int[] pixels, int row, int stride, int width, int down) {
    for (int n = 1; n < down; n++) {
      System.arraycopy(pixels, row, pixels, row + n * stride, width);
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

  /**
   * Every pixel as the value of the largest magnitude among {@code rowBlock} x {@code block}, every
   * row of pixels {@code down} times.
   */
  void reduced(
      int[] pixels,
      int stride,
      int at,
      float[] values,
      int from,
      int rows,
      int columns,
      int rowBlock,
      int block,
      int down,
      float limit) {
    if (highs.length < columns) {
      highs = new float[columns];
      lows = new float[columns];
    }
    float gain = gain(limit);
    int row = at;
    for (int i = 0; i < rows; i += rowBlock) {
      extremes(values, from + i * columns, columns, Math.min(rowBlock, rows - i));
      int pixel = row;
      for (int j = 0; j < columns; j += block) {
        pixels[pixel++] = map.colorOf(extreme(j, Math.min(j + block, columns)), gain);
      }
      repeat(pixels, row, stride, pixel - row, down);
      row += down * stride;
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
  static int largest(
      float[] values, int from, int rows, int columns, int i, int j, int rowBlock, int block) {
    int best = from + i * columns + j;
    float most = Math.abs(values[best]);
    int lastRow = Math.min(i + rowBlock, rows);
    int lastColumn = Math.min(j + block, columns);
    for (int row = i; row < lastRow; row++) {
      for (int column = j; column < lastColumn; column++) {
        int index = from + row * columns + column;
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
