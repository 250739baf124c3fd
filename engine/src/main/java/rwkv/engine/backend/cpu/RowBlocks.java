package rwkv.engine.backend.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;

/**
 * Rows of a batch, shared out among {@link Workers} in blocks of {@link #ROWS}. A block's rows have
 * sums of their own, which are added up in the order of the blocks: sums over all rows do not
 * depend on the threads.
 */
final class RowBlocks {

  private static final int ROWS = 32;

  private final Workers workers;
  private final long small;
  private final float[][] rooms;
  private float[] sums = {};

  /**
   * @param small multiply-adds below which the calling thread works alone
   */
  RowBlocks(Workers workers, long small) {
    this.workers = workers;
    this.small = small;
    rooms = new float[workers.count()][0];
  }

  /** What is done for one row. */
  interface Row {
    /**
     * @param sums where this row's terms of sums over rows are added: those of the first sum from
     *     {@code at} on, those of the second one row further
     * @param room for two rows of numbers
     */
    void run(int row, float[] sums, int at, float[] room);
  }

  /** Does something for every row, without sums. */
  void run(Buffer shape, int cost, Row each) {
    run(shape, cost, null, null, each);
  }

  /**
   * Does something for every row and adds sums over rows to up to two vectors.
   *
   * @param cost in multiply-adds for one number
   * @param first where the first sum goes, or null where nobody asks for it
   */
  void run(Buffer shape, int cost, @Nullable Buffer first, @Nullable Buffer second, Row each) {
    int channels = shape.channels();
    int rows = shape.rows();
    int blocks = Math.ceilDiv(rows, ROWS);
    boolean summing = first != null || second != null;
    float[] partial = summing ? cleared(blocks * 2 * channels) : sums;
    Workers.Piece piece =
        (i, slot) -> {
          if (rooms[slot].length < 2 * channels) {
            rooms[slot] = new float[2 * channels];
          }
          for (int row = i * ROWS; row < Math.min(rows, (i + 1) * ROWS); row++) {
            each.run(row, partial, i * 2 * channels, rooms[slot]);
          }
        };
    run(blocks, (long) shape.length() * cost, piece);
    for (int i = 0; i < blocks; i++) {
      if (first != null) {
        Additions.plus(CpuKernels.data(first), 0, partial, i * 2 * channels, channels);
      }
      if (second != null) {
        Additions.plus(CpuKernels.data(second), 0, partial, (i * 2 + 1) * channels, channels);
      }
    }
  }

  private float[] cleared(int length) {
    if (sums.length < length) {
      sums = new float[length];
    } else {
      Arrays.fill(sums, 0, length, 0);
    }
    return sums;
  }

  /** Runs pieces that are together worth {@code work} multiply-adds. */
  void run(int pieces, long work, Workers.Piece piece) {
    if (work < small) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    } else {
      workers.run(pieces, piece);
    }
  }
}
