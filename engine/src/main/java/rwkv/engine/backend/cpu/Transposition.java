package rwkv.engine.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * A matrix of elements of two or four bytes, copied with rows and columns exchanged: tile by tile,
 * so that neither side is walked through in long strides, and large ones by several threads.
 */
final class Transposition {

  private static final int TILE = 64;

  /** Elements from which on other threads help. */
  private static final long LARGE = 1 << 18;

  private final MemorySegment from;
  private final MemorySegment to;
  private final int rows;
  private final int columns;

  private Transposition(MemorySegment from, MemorySegment to, int rows, int columns) {
    this.from = from;
    this.to = to;
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * to[column, row] ← from[row, column]
   *
   * @param from {@code [rows, columns]}
   * @param to {@code [columns, rows]}
   * @param width bytes of an element, 2 or 4
   */
  static void copy(MemorySegment from, MemorySegment to, int rows, int columns, int width) {
    Transposition matrix = new Transposition(from, to, rows, columns);
    IntStream strips = IntStream.range(0, Math.ceilDiv(rows, TILE));
    IntStream shared = (long) rows * columns < LARGE ? strips : strips.parallel();
    switch (width) {
      case 2 -> shared.forEach(strip -> matrix.shorts(strip * TILE));
      case 4 -> shared.forEach(strip -> matrix.ints(strip * TILE));
      default -> throw new IllegalArgumentException("elements of " + width + " bytes");
    }
  }

  private void shorts(int row) {
    ValueLayout.OfShort layout = ValueLayout.JAVA_SHORT_UNALIGNED;
    short[] tile = new short[TILE * TILE];
    short[] line = new short[TILE];
    int high = Math.min(TILE, rows - row);
    for (int column = 0; column < columns; column += TILE) {
      int wide = Math.min(TILE, columns - column);
      for (int r = 0; r < high; r++) {
        MemorySegment.copy(from, layout, at(row + r, column, columns, 2), tile, r * TILE, wide);
      }
      for (int c = 0; c < wide; c++) {
        for (int r = 0; r < high; r++) {
          line[r] = tile[r * TILE + c];
        }
        MemorySegment.copy(line, 0, to, layout, at(column + c, row, rows, 2), high);
      }
    }
  }

  private void ints(int row) {
    ValueLayout.OfInt layout = ValueLayout.JAVA_INT_UNALIGNED;
    int[] tile = new int[TILE * TILE];
    int[] line = new int[TILE];
    int high = Math.min(TILE, rows - row);
    for (int column = 0; column < columns; column += TILE) {
      int wide = Math.min(TILE, columns - column);
      for (int r = 0; r < high; r++) {
        MemorySegment.copy(from, layout, at(row + r, column, columns, 4), tile, r * TILE, wide);
      }
      for (int c = 0; c < wide; c++) {
        for (int r = 0; r < high; r++) {
          line[r] = tile[r * TILE + c];
        }
        MemorySegment.copy(line, 0, to, layout, at(column + c, row, rows, 4), high);
      }
    }
  }

  private static long at(int row, int column, int columns, int width) {
    return ((long) row * columns + column) * width;
  }
}
