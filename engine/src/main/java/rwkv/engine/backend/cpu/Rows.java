package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import java.util.Arrays;
import rwkv.engine.tensor.DType;

/**
 * Rows of a weight matrix times activations, for each stored type.
 *
 * <p>Every type gives the products of its dequantised weights, each rounded to f32, and adds them
 * up in one order. Columns are first brought into the order in which the type's bits come apart
 * most easily ({@link #arrange}, a permutation within a block); the sum then runs in {@link
 * #CHAINS} chains, chain c over the columns c, c + {@link #CHAINS} and so on, which are folded in
 * halves in the end; columns that do not fill all chains follow one by one. {@link #times} reads
 * weights where they lie, for one token; {@link #unpack} makes an f32 copy of a row for products
 * over many ({@link Tile}). So one token gives the same bits alone and in a chunk.
 */
sealed interface Rows
    permits SingleRows, HalfRows, ByteRows, NibbleRows, FiveBitRows, KRows, PlainRows {

  /** Partial sums of a row: four vectors, as many as hide the latency of a multiply-add. */
  int CHAINS = 4 * COUNT;

  /**
   * Columns of one row that are read before the next row's: whole blocks of every type. Rows are
   * read four at a time, so memory sees four long streams, which it fetches ahead.
   */
  int STRETCH = 1024;

  static Rows of(DType dtype) {
    if (COUNT != 8 && COUNT != 16 && dtype.isQuantised()) {
      return new PlainRows();
    }
    return switch (dtype) {
      case F32 -> new SingleRows();
      case F16, BF16 -> new HalfRows(dtype == DType.BF16);
      case Q8_0 -> new ByteRows();
      case Q4_0, Q4_1 -> new NibbleRows(dtype == DType.Q4_1);
      case Q5_0, Q5_1 -> new FiveBitRows(dtype == DType.Q5_1);
      case Q4_K, Q5_K, Q6_K -> new KRows(dtype);
      case F64 -> new PlainRows();
      default -> throw new IllegalArgumentException("no product for weights stored as " + dtype);
    };
  }

  /** Columns of a row of {@code in} that fill whole chains. */
  static int bound(int in) {
    return in - in % CHAINS;
  }

  /**
   * Copies {@code in} activations from {@code x[at…]} to {@code to[start…]}, those below {@link
   * #bound} in the order of this type.
   */
  void arrange(float[] x, int at, float[] to, int start, int in);

  /**
   * Adds products to a row's chains.
   *
   * @param from the row's memory at the first of the columns
   * @param x arranged activations, from {@code column} on
   * @param count columns, a multiple of {@link #CHAINS} and of the type's block
   * @param sums the chains, from {@code at} on
   * @param room {@link #STRETCH} numbers that may be overwritten
   */
  void add(
      CpuMatrix w, long from, float[] x, int column, int count, float[] sums, int at, float[] room);

  /** Columns below {@link #bound} of one row as f32, arranged; the others follow as they are. */
  default void unpack(CpuMatrix w, int row, float[] to, int start) {
    int bound = bound(w.in());
    long first = (long) row * w.in();
    unpack(w, w.dtype().bytes(first), bound, to, start);
    w.tensor().read(first + bound, w.in() - bound, to, start + bound);
  }

  /** {@code count} columns from the memory at {@code from} on as f32, arranged. */
  void unpack(CpuMatrix w, long from, int count, float[] to, int start);

  /** out[at + row] ← Σ weights[row] · x for rows {@code from} to {@code until}; x is arranged. */
  default void times(CpuMatrix w, int from, int until, float[] x, float[] out, int at) {
    float[] sums = new float[4 * CHAINS];
    float[] room = new float[STRETCH];
    int quarter = (until - from) / 4;
    for (int row = from; row < from + quarter; row++) {
      times(w, row, quarter, 4, x, out, at, sums, room);
    }
    for (int row = from + 4 * quarter; row < until; row++) {
      times(w, row, 0, 1, x, out, at, sums, room);
    }
  }

  /** So many rows, {@code step} from one another. */
  private void times(
      CpuMatrix w,
      int row,
      int step,
      int rows,
      float[] x,
      float[] out,
      int at,
      float[] sums,
      float[] room) {
    int in = w.in();
    int bound = bound(in);
    Arrays.fill(sums, 0);
    for (int i = 0; i < bound; i += STRETCH) {
      int count = Math.min(STRETCH, bound - i);
      for (int r = 0; r < rows; r++) {
        long from = w.dtype().bytes((long) (row + r * step) * in + i);
        add(w, from, x, i, count, sums, r * CHAINS, room);
      }
    }
    for (int r = 0; r < rows; r++) {
      float sum = fold(sums, r * CHAINS);
      int here = row + r * step;
      out[at + here] = bound == in ? sum : tail(w, here, bound, x, sum, room);
    }
  }

  /** The sum of a row's chains. */
  static float fold(float[] sums, int at) {
    return Lanes.sum(
        Lanes.load(sums, at)
            .add(Lanes.load(sums, at + 2 * COUNT))
            .add(Lanes.load(sums, at + COUNT).add(Lanes.load(sums, at + 3 * COUNT))));
  }

  /** Adds the products of the last columns, which do not fill all chains. */
  private static float tail(CpuMatrix w, int row, int bound, float[] x, float sum, float[] room) {
    int count = w.in() - bound;
    w.tensor().read((long) row * w.in() + bound, count, room, 0);
    float total = sum;
    for (int i = 0; i < count; i++) {
      total = Math.fma(room[i], x[bound + i], total);
    }
    return total;
  }
}
