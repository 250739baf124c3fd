package rwkv.app.state;

import rwkv.app.chart.DivergingMap;

/** Writes a head's state, [value dim, key dim], as a square of pixels. */
final class TilePainter {

  private final DivergingMap map;

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
      int pixel = row;
      for (int j = 0; j < size; j++) {
        int color = map.colorOf(values[from + i * size + j], gain);
        for (int n = 0; n < zoom; n++) {
          pixels[pixel++] = color;
        }
      }
      for (int n = 1; n < zoom; n++) {
        System.arraycopy(pixels, row, pixels, row + n * stride, size * zoom);
      }
    }
  }

  /** Every pixel as the value of the largest magnitude among {@code block} x {@code block}. */
  void reduced(
      int[] pixels, int stride, int at, float[] values, int from, int size, int block, float limit) {
    float gain = gain(limit);
    int tile = (size + block - 1) / block;
    for (int row = 0; row < tile; row++) {
      for (int column = 0; column < tile; column++) {
        int largest = largest(values, from, size, row * block, column * block, block);
        pixels[at + row * stride + column] = map.colorOf(values[largest], gain);
      }
    }
  }

  private static float gain(float limit) {
    return limit > 0 ? DivergingMap.STEPS / limit : 0;
  }

  /**
   * Index of the largest magnitude in the block that begins at row {@code i}, column {@code j}; of a
   * number that is not one, if there is any.
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
