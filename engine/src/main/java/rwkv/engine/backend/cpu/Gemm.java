package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.GemmBlock.COLUMNS;
import static rwkv.engine.backend.cpu.GemmBlock.ROWS;

/**
 * Products of f32 matrices that both change from call to call, shared out among {@link Workers}.
 *
 * <p>The right side is laid out as {@link GemmBlock} reads it, then every thread works out blocks
 * of the result. It reads the left side where it lies, or, where lines are columns, lays out what
 * its block needs. A number of the result is the sum of sums of at most {@link #DEPTH} products
 * each, in order: the order depends on how many products there are and on nothing else.
 */
final class Gemm {

  /** Steps of a sum taken at once: so much of two vectors of columns fits the first cache. */
  private static final int DEPTH = 256;

  /** Steps of the right side laid out at once. */
  private static final int STEPS = 8 * DEPTH;

  /** Numbers of the right side laid out at once. */
  private static final int ROOM = 1 << 21;

  /** Panels of rows worked out together: with {@link #DEPTH} they fit the second cache. */
  private static final int PANELS = 16;

  /** With fewer panels of rows too much time goes by until columns come from the second cache. */
  private static final int FEWEST_PANELS = 4;

  /** Panels of columns that are one piece when they are laid out, with {@link #DEPTH} steps. */
  private static final int LAID_OUT = 16;

  /** Pieces for each thread: enough for one that is held up not to hold up the rest. */
  private static final int PIECES = 4;

  /** Numbers that are laid out in about the time of so many multiply-adds. */
  private static final int LAYING_OUT = 8;

  private final Workers workers;
  private final long small;
  private final Room[] rooms;
  private float[] right = {};

  /** What a thread has for itself. */
  private static final class Room {
    final float[] tile = new float[ROWS * COLUMNS];
    final float[] panels = new float[PANELS * ROWS * DEPTH];
  }

  /**
   * @param small multiply-adds below which the calling thread works alone
   */
  Gemm(Workers workers, long small) {
    this.workers = workers;
    this.small = small;
    rooms = new Room[workers.count()];
    for (int i = 0; i < rooms.length; i++) {
      rooms[i] = new Room();
    }
  }

  /**
   * Part of a product: columns and steps of which the right side is laid out at once.
   *
   * @param out from {@code at} on, rows of {@code width}
   */
  private record Part(
      float[] out,
      int at,
      int width,
      Operand a,
      Operand b,
      int column,
      int columns,
      int step,
      int steps,
      boolean adds) {

    int rowPanels() {
      return Math.ceilDiv(a.lines(), ROWS);
    }

    int columnPanels() {
      return Math.ceilDiv(columns, COLUMNS);
    }
  }

  /** Panels of a part's rows and columns that one thread works out. */
  private record Block(int firstRow, int rows, int firstColumn, int columns) {}

  /**
   * out[row][column] ← Σ a[row][step] · b[column][step], or added to what is there.
   *
   * @param out {@code [a.lines, b.lines]} from {@code at} on
   */
  void multiply(float[] out, int at, Operand a, Operand b, int steps, boolean adds) {
    int most = Math.max(1, ROOM / (Math.min(steps, STEPS) * COLUMNS)) * COLUMNS;
    for (int column = 0; column < b.lines(); column += most) {
      int columns = Math.min(most, b.lines() - column);
      for (int step = 0; step < steps; step += STEPS) {
        int count = Math.min(STEPS, steps - step);
        boolean more = adds || step > 0;
        Part part = new Part(out, at, b.lines(), a, b, column, columns, step, count, more);
        layOut(part);
        multiply(part);
      }
    }
  }

  private void layOut(Part part) {
    int panels = part.columnPanels();
    int next = COLUMNS * part.steps;
    if (right.length < panels * next) {
      right = new float[panels * next];
    }
    int groups = Math.ceilDiv(panels, LAID_OUT);
    run(
        groups * Math.ceilDiv(part.steps, DEPTH),
        (long) panels * next * LAYING_OUT,
        (i, slot) -> {
          int panel = i % groups * LAID_OUT;
          int step = i / groups * DEPTH;
          part.b.pack(
              part.column + panel * COLUMNS,
              Math.min(LAID_OUT, panels - panel),
              COLUMNS,
              part.step + step,
              Math.min(DEPTH, part.steps - step),
              right,
              panel * next + step * COLUMNS,
              next);
        });
  }

  private void multiply(Part part) {
    int wanted = PIECES * workers.count();
    int rows = Math.clamp(Math.ceilDiv(part.rowPanels(), wanted), FEWEST_PANELS, PANELS);
    int blocks = Math.ceilDiv(part.rowPanels(), rows);
    int cuts = Math.min(part.columnPanels(), Math.ceilDiv(wanted, blocks));
    run(
        blocks * cuts,
        (long) part.a.lines() * part.columns * part.steps,
        (i, slot) -> {
          int first = i / cuts * rows;
          int cut = i % cuts;
          int from = cut * part.columnPanels() / cuts;
          int until = (cut + 1) * part.columnPanels() / cuts;
          int count = Math.min(rows, part.rowPanels() - first);
          block(part, new Block(first, count, from, until - from), rooms[slot]);
        });
  }

  private void block(Part part, Block block, Room room) {
    int cuts = Math.ceilDiv(part.steps, DEPTH);
    for (int cut = 0; cut < cuts; cut++) {
      int step = cut * part.steps / cuts;
      int depth = (cut + 1) * part.steps / cuts - step;
      layOut(part.a, block, part.step + step, depth, room);
      for (int c = block.firstColumn; c < block.firstColumn + block.columns; c++) {
        int b = (c * part.steps + step) * COLUMNS;
        for (int r = 0; r < block.rows; r++) {
          sums(part, block.firstRow + r, r, step, depth, b, room);
          write(part, (block.firstRow + r) * ROWS, c * COLUMNS, room.tile, part.adds || cut > 0);
        }
      }
    }
  }

  /** Lays out columns, or the last rows where they fill no panel. */
  private static void layOut(Operand a, Block block, int step, int depth, Room room) {
    int first = block.firstRow * ROWS;
    if (!a.inRows()) {
      a.pack(first, block.rows, ROWS, step, depth, room.panels, 0, ROWS * depth);
      return;
    }
    int last = first + (block.rows - 1) * ROWS;
    for (int row = last; last + ROWS > a.lines() && row < a.lines(); row++) {
      System.arraycopy(a.data(), a.index(row, step), room.panels, (row - last) * DEPTH, depth);
    }
  }

  /**
   * Works out the sums of one panel of rows and one of columns.
   *
   * @param panel of rows, the {@code r}th of its block
   * @param b where the columns are
   */
  private void sums(Part part, int panel, int r, int step, int depth, int b, Room room) {
    Operand a = part.a;
    if (!a.inRows()) {
      GemmBlock.columns(room.panels, r * ROWS * depth, right, b, depth, room.tile);
    } else if ((panel + 1) * ROWS > a.lines()) {
      GemmBlock.rows(room.panels, 0, DEPTH, right, b, depth, room.tile);
    } else {
      int from = a.index(panel * ROWS, part.step + step);
      GemmBlock.rows(a.data(), from, a.lineStride(), right, b, depth, room.tile);
    }
  }

  private static void write(Part part, int row, int column, float[] tile, boolean adds) {
    int rows = Math.min(ROWS, part.a.lines() - row);
    int columns = Math.min(COLUMNS, part.columns - column);
    int at = part.at + row * part.width + part.column + column;
    if (rows < ROWS || columns < COLUMNS) {
      for (int r = 0; r < rows; r++) {
        if (adds) {
          Additions.plus(part.out, at + r * part.width, tile, r * COLUMNS, columns);
        } else {
          System.arraycopy(tile, r * COLUMNS, part.out, at + r * part.width, columns);
        }
      }
    } else if (adds) {
      GemmBlock.plus(part.out, at, part.width, tile);
    } else {
      GemmBlock.put(part.out, at, part.width, tile);
    }
  }

  private void run(int pieces, long work, Workers.Piece piece) {
    if (work >= small) {
      workers.run(pieces, piece);
    } else {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    }
  }
}
