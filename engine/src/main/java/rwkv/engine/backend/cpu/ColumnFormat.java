package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.DType;

/**
 * How the columns of a {@link ColumnMatrix} lie in memory: each column's weights together, in the
 * order in which vectors take them apart, those of a block of columns behind the scales that they
 * share. A column is as many outs wide as {@link #padded} says; outs that the matrix does not have
 * weigh nothing.
 *
 * <p>Weights come out as exactly the f32 numbers that the stored blocks stand for.
 */
sealed interface ColumnFormat permits PlainColumns, BlockColumns {

  /** Outs that are always handled together: what one vector of four-bit weights holds. */
  int GROUP = 8 * COUNT;

  /** Columns that are added at once, at most. */
  int TOGETHER = 32;

  /** The format for a stored type; null where there is none. */
  static @Nullable ColumnFormat of(DType dtype) {
    return switch (dtype) {
      case F32, F16, BF16 -> PlainColumns.valueOf(dtype.name());
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> BlockColumns.of(dtype);
      default -> null;
    };
  }

  /** The width of columns of so many outs. */
  static int padded(int outs) {
    return Math.ceilDiv(outs, GROUP) * GROUP;
  }

  /** Columns of a block, as the stored type has it; 1 where every weight stands for itself. */
  int block();

  /** Columns that share scales, a part of a block; a block of one column has none. */
  int run();

  /**
   * Columns that are added at once, of those that share scales: {@link ColumnTile#COLUMNS}, no more
   * and no fewer, or up to a run of them.
   */
  int together();

  /** Bytes of a block of columns of that width. */
  long bytes(int width);

  /**
   * Takes {@link #GROUP} rows into columns.
   *
   * @param rows as stored, {@code stride} bytes from one another, {@code blocks} blocks of each
   * @param to address of the first block
   * @param width of the columns
   * @param first out of the first row
   * @param codes where a block of each row is taken apart, {@link #GROUP} times {@link #block}
   *     bytes
   * @param packed where columns are put together, {@link #GROUP} times the rows' numbers
   */
  void pack(
      byte[] rows,
      int stride,
      int blocks,
      long to,
      int width,
      int first,
      byte[] codes,
      int[] packed);

  /**
   * Reads the scales of a run of a block for outs {@code from} to {@code until}, multiples of
   * {@link #GROUP}, into the room.
   */
  void prepare(long block, int run, int width, int from, int until, ColumnRoom room);

  /** Address of a column of a block. */
  long column(long block, int column, int width);

  /**
   * Weights of the column at an address as f32, of outs {@code from} to {@code until}, to another
   * address; its run must have been prepared, for these outs at least.
   */
  void unpack(long column, int width, int from, int until, ColumnRoom room, long to);

  /** sums ← sums + Σ x · column of the room's columns, in their order. */
  void add(long sums, int width, int from, int until, ColumnRoom room);
}
