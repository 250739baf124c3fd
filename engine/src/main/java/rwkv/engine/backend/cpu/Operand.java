package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

/**
 * One side of a product: the numbers of one row of the result and one step of its sums, or of one
 * column and one step. Number {@code (line, step)} stands at {@code at + line · lineStride + step ·
 * stepStride}, and one of the strides is 1.
 *
 * @param lines how many rows or columns it gives the result
 */
record Operand(float[] data, int at, int lines, int lineStride, int stepStride) {

  /** Steps whose numbers are interleaved at once: what is written stays in the first cache. */
  private static final int BLOCK = 64;

  /** A matrix whose rows are the lines, {@code [lines, steps]}. */
  static Operand rows(float[] data, int at, int lines, int steps) {
    return new Operand(data, at, lines, steps, 1);
  }

  /** A matrix whose columns are the lines, {@code [steps, lines]}. */
  static Operand columns(float[] data, int at, int lines) {
    return new Operand(data, at, lines, 1, lines);
  }

  /**
   * Lays {@code width} lines from {@code first} on side by side: {@code [count, width]} from {@code
   * to} on, zeros where there are no more lines.
   *
   * @param from the first of {@code count} steps
   */
  void pack(int first, int width, int from, int count, float[] into, int to) {
    int full = Math.min(width, lines - first);
    int start = at + first * lineStride + from * stepStride;
    for (int line = full; line < width; line++) {
      for (int i = 0; i < count; i++) {
        into[to + i * width + line] = 0;
      }
    }
    if (stepStride == 1) {
      interleave(start, full, width, count, into, to);
    } else if (full == width && width % COUNT == 0) {
      copyVectors(start, width, count, into, to);
    } else {
      for (int i = 0; i < count; i++) {
        for (int line = 0; line < full; line++) {
          into[to + i * width + line] = data[start + i * stepStride + line];
        }
      }
    }
  }

  private void interleave(int start, int full, int width, int count, float[] into, int to) {
    for (int block = 0; block < count; block += BLOCK) {
      int end = Math.min(count, block + BLOCK);
      for (int line = 0; line < full; line++) {
        int source = start + line * lineStride;
        for (int i = block; i < end; i++) {
          into[to + i * width + line] = data[source + i];
        }
      }
    }
  }

  private void copyVectors(int start, int width, int count, float[] into, int to) {
    for (int i = 0; i < count; i++) {
      for (int line = 0; line < width; line += COUNT) {
        Lanes.load(data, start + i * stepStride + line).intoArray(into, to + i * width + line);
      }
    }
  }
}
