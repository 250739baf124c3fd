package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.GemmBlock.COLUMNS;
import static rwkv.engine.backend.cpu.GemmBlock.ROWS;

/**
 * Products of f32 matrices that both change from call to call, shared out among {@link Workers}.
 *
 * <p>Both sides are laid out as {@link GemmBlock} reads them, then every thread works out blocks of
 * the result. A number of the result is the sum of sums of at most {@link #DEPTH} products each, in
 * order: the order depends on how many products there are and on nothing else.
 */
final class Gemm {

  /** Steps of a sum taken at once: so much of two vectors of columns fits the first cache. */
  private static final int DEPTH = 256;

  /** Steps laid out at once. */
  private static final int STEPS = 8 * DEPTH;

  /** Numbers laid out at once of either side. */
  private static final int ROOM = 1 << 21;

  /** Panels of rows worked out together: with {@link #DEPTH} they fit the second cache. */
  private static final int PANELS = 16;

  /** Pieces for each thread: enough for one that is held up not to hold up the rest. */
  private static final int PIECES = 4;

  private final Workers workers;
  private final long small;
  private final float[][] sums;
  private float[] left = {};
  private float[] right = {};

  /**
   * @param small multiply-adds below which the calling thread works alone
   */
  Gemm(Workers workers, long small) {
    this.workers = workers;
    this.small = small;
    sums = new float[workers.count()][ROWS * COLUMNS];
  }

  /** Part of a product: rows, columns and steps of sums that are laid out at once. */
  private record Part(
      float[] out, int width, int row, int rows, int column, int columns, int steps, boolean adds) {

    int rowPanels() {
      return Math.ceilDiv(rows, ROWS);
    }

    int columnPanels() {
      return Math.ceilDiv(columns, COLUMNS);
    }
  }

  /**
   * out[row][column] ← Σ a[row][step] · b[column][step], or added to what is there.
   *
   * @param out {@code [a.lines, b.lines]} from {@code at} on
   */
  void multiply(float[] out, int at, Operand a, Operand b, int steps, boolean adds) {
    int depth = Math.min(steps, STEPS);
    int most = Math.max(1, ROOM / (depth * COLUMNS)) * COLUMNS;
    for (int step = 0; step < steps; step += STEPS) {
      int count = Math.min(STEPS, steps - step);
      for (int column = 0; column < b.lines(); column += most) {
        int columns = Math.min(most, b.lines() - column);
        for (int row = 0; row < a.lines(); row += most / COLUMNS * ROWS) {
          int rows = Math.min(most / COLUMNS * ROWS, a.lines() - row);
          Part part =
              new Part(
                  out,
                  b.lines(),
                  at + row * b.lines(),
                  rows,
                  column,
                  columns,
                  count,
                  adds || step > 0);
          boolean shared = (long) rows * columns * count >= small;
          layOut(part, a, row, b, step, shared);
          multiply(part, shared);
        }
      }
    }
  }

  private void layOut(Part part, Operand a, int row, Operand b, int step, boolean shared) {
    int steps = part.steps;
    int rowPanels = part.rowPanels();
    int columnPanels = part.columnPanels();
    left = room(left, rowPanels * ROWS * steps);
    right = room(right, columnPanels * COLUMNS * steps);
    int each = Math.max(1, ROOM / 64 / (steps * COLUMNS));
    int rowPieces = Math.ceilDiv(rowPanels, 2 * each);
    Workers.Piece piece =
        (i, slot) -> {
          if (i < rowPieces) {
            for (int p = i * 2 * each; p < Math.min(rowPanels, (i + 1) * 2 * each); p++) {
              a.pack(row + p * ROWS, ROWS, step, steps, left, p * ROWS * steps);
            }
          } else {
            int from = (i - rowPieces) * each;
            for (int p = from; p < Math.min(columnPanels, from + each); p++) {
              b.pack(part.column + p * COLUMNS, COLUMNS, step, steps, right, p * COLUMNS * steps);
            }
          }
        };
    run(rowPieces + Math.ceilDiv(columnPanels, each), shared, piece);
  }

  private static float[] room(float[] present, int length) {
    return present.length < length ? new float[length] : present;
  }

  private void multiply(Part part, boolean shared) {
    int blocks = Math.ceilDiv(part.rowPanels(), PANELS);
    int cuts = Math.min(part.columnPanels(), Math.ceilDiv(PIECES * workers.count(), blocks));
    run(
        blocks * cuts,
        shared,
        (i, slot) -> {
          int first = i / cuts * PANELS;
          int last = Math.min(part.rowPanels(), first + PANELS);
          int cut = i % cuts;
          int from = cut * part.columnPanels() / cuts;
          int until = (cut + 1) * part.columnPanels() / cuts;
          block(part, first, last, from, until, sums[slot]);
        });
  }

  private void block(Part part, int first, int last, int from, int until, float[] tile) {
    int steps = part.steps;
    int cuts = Math.ceilDiv(steps, DEPTH);
    for (int cut = 0; cut < cuts; cut++) {
      int step = cut * steps / cuts;
      int depth = (cut + 1) * steps / cuts - step;
      for (int c = from; c < until; c++) {
        int b = (c * steps + step) * COLUMNS;
        for (int r = first; r < last; r++) {
          GemmBlock.multiply(left, (r * steps + step) * ROWS, right, b, depth, tile);
          write(part, r * ROWS, c * COLUMNS, tile, part.adds || cut > 0);
        }
      }
    }
  }

  private static void write(Part part, int row, int column, float[] tile, boolean adds) {
    int rows = Math.min(ROWS, part.rows - row);
    int columns = Math.min(COLUMNS, part.columns - column);
    for (int r = 0; r < rows; r++) {
      int to = part.row + (row + r) * part.width + part.column + column;
      if (adds) {
        Additions.plus(part.out, to, tile, r * COLUMNS, columns);
      } else {
        System.arraycopy(tile, r * COLUMNS, part.out, to, columns);
      }
    }
  }

  private void run(int pieces, boolean shared, Workers.Piece piece) {
    if (shared) {
      workers.run(pieces, piece);
    } else {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    }
  }
}
