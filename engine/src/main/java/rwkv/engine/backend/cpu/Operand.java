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

  /** Steps laid out at once: so many lines of memory stay near until the next panel needs them. */
  private static final int BLOCK = 64;

  /** A matrix whose rows are the lines, {@code [lines, steps]}. */
  static Operand rows(float[] data, int at, int lines, int steps) {
    return new Operand(data, at, lines, steps, 1);
  }

  /** A matrix whose columns are the lines, {@code [steps, lines]}. */
  static Operand columns(float[] data, int at, int lines) {
    return new Operand(data, at, lines, 1, lines);
  }

  /** Whether the numbers of a line stand one after another. */
  boolean inRows() {
    return stepStride == 1;
  }

  /** Where a number stands. */
  int index(int line, int step) {
    return at + line * lineStride + step * stepStride;
  }

  /**
   * Lays lines from {@code first} on side by side, in panels of {@code width}. Where there are no
   * more lines, nothing is said about what a panel holds.
   *
   * @param from the first of {@code count} steps
   * @param into {@code [panels, count, width]}, a panel beginning {@code next} numbers after the
   *     last
   */
  void pack(int first, int panels, int width, int from, int count, float[] into, int to, int next) {
    int whole = Math.ceilDiv(width, COUNT) * COUNT;
    int overhanging = Math.ceilDiv(whole - width, width);
    for (int step = 0; step < count; step += BLOCK) {
      int end = Math.min(count, step + BLOCK);
      for (int p = 0; p < panels; p++) {
        int line = first + p * width;
        int full = Math.min(width, lines - line);
        int start = index(line, from);
        int target = to + p * next;
        if (inRows()) {
          interleave(start, full, width, step, end, into, target);
        } else {
          int readable = Math.floorDiv(data.length - whole - start, stepStride) + 1;
          int safe = Math.clamp(Math.min(readable, count - overhanging), step, end);
          copyVectors(start, width, step, safe, into, target);
          copy(start, full, width, safe, end, into, target);
        }
      }
    }
  }

  private void interleave(int start, int full, int width, int step, int end, float[] into, int to) {
    for (int line = 0; line < full; line++) {
      int source = start + line * lineStride;
      for (int i = step; i < end; i++) {
        into[to + i * width + line] = data[source + i];
      }
    }
  }

  /** Copies whole vectors: the next steps write over what was too much. */
  private void copyVectors(int start, int width, int step, int end, float[] into, int to) {
    for (int i = step; i < end; i++) {
      for (int line = 0; line < width; line += COUNT) {
        Lanes.load(data, start + i * stepStride + line).intoArray(into, to + i * width + line);
      }
    }
  }

  private void copy(int start, int full, int width, int step, int end, float[] into, int to) {
    for (int i = step; i < end; i++) {
      for (int line = 0; line < full; line++) {
        into[to + i * width + line] = data[start + i * stepStride + line];
      }
    }
  }
}
