package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import jdk.incubator.vector.FloatVector;
import rwkv.engine.tensor.DType;

/**
 * Rows of a weight matrix times activations, for each stored type.
 *
 * <p>Every type gives the products of its dequantised weights, each rounded to f32, and adds them
 * up in one order. Columns are first brought into the order in which the type's bits come apart
 * most easily ({@link #arrange}, a permutation within a block); the sum then runs in {@link
 * #CHAINS} chains, chain c over the columns c, c + {@link #CHAINS} and so on, which are folded in
 * halves in the end; columns that fill no whole {@link #UNIT} follow one by one. {@link #times}
 * reads weights where they lie, for one token; {@link #unpack} makes an f32 copy of a row for
 * products over many ({@link Tile}). So one token gives the same bits alone and in a chunk.
 */
sealed interface Rows permits SingleRows, HalfRows, ByteRows, NibbleRows, CodedRows, PlainRows {

  /** Columns that are taken apart at once: whole vectors of bytes have four times as many. */
  int UNIT = 4 * COUNT;

  /** Partial sums of a row: two vectors, so that with four rows at once all find registers. */
  int CHAINS = 2 * COUNT;

  /** Rows that are multiplied in one go: as many as a vector has lanes, for {@link Fold}. */
  int GROUP = COUNT;

  /** Rows of a group come in four lots of neighbours. */
  int LOT = GROUP / 4;

  /** How far a row's two vectors of sums lie apart; those of a group's rows are in between. */
  int STEP = GROUP * COUNT;

  static Rows of(DType dtype) {
    return switch (dtype) {
      case F32 -> new SingleRows();
      case F16, BF16 -> new HalfRows(dtype == DType.BF16);
      case Q8_0 -> COUNT == 8 || COUNT == 16 ? new ByteRows() : new PlainRows();
      case Q4_0, Q4_1 ->
          COUNT == 8 || COUNT == 16 ? new NibbleRows(dtype == DType.Q4_1) : new PlainRows();
      case Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> new CodedRows(RowCodes.of(dtype));
      case F64 -> new PlainRows();
      default -> throw new IllegalArgumentException("no product for weights stored as " + dtype);
    };
  }

  /** Columns of a row of {@code in} that fill whole units. */
  static int bound(int in) {
    return in - in % UNIT;
  }

  /**
   * Copies {@code in} activations from {@code x[at…]} to {@code to[start…]}, those below {@link
   * #bound} in the order of this type.
   */
  void arrange(float[] x, int at, float[] to, int start, int in);

  /** Numbers of working memory that rows of so many columns take. */
  default int room(int in) {
    return 0;
  }

  /**
   * The chains of four lots of neighbouring rows, over the columns below {@link #bound}.
   *
   * @param row the first row of the first lot, {@code step} rows before that of the second
   * @param count rows of a lot, at most {@link #LOT}
   * @param x arranged activations
   * @param sums takes {@link Lanes#COUNT} numbers a row, the lots {@link #LOT} rows apart, and a
   *     row's two vectors {@link #STEP}
   * @param room {@link #room} numbers that may be overwritten
   */
  void chains(CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room);

  /** Columns below {@link #bound} of one row as f32, arranged. */
  void unpackChains(CpuMatrix w, int row, float[] to, int start, float[] room);

  /** One row as f32: columns below {@link #bound} arranged, the others as they are. */
  default void unpack(CpuMatrix w, int row, float[] to, int start, float[] room) {
    int bound = bound(w.in());
    unpackChains(w, row, to, start, room);
    w.tensor().read((long) row * w.in() + bound, w.in() - bound, to, start + bound);
  }

  /**
   * out[at + row] ← Σ weights[row] · x for rows {@code from} to {@code until}; x is arranged.
   *
   * <p>A group's lots lie a quarter of the range apart. So memory sees four long streams, which it
   * fetches ahead; one stream, or four that all jump at every row's end, arrive at half the speed.
   */
  default void times(CpuMatrix w, int from, int until, float[] x, float[] out, int at) {
    float[] sums = new float[2 * STEP];
    float[] totals = new float[GROUP];
    float[] room = new float[Math.max(UNIT, room(w.in()))];
    int quarter = (until - from) / GROUP * LOT;
    for (int row = from; row < from + quarter; row += LOT) {
      chains(w, row, quarter, LOT, x, sums, room);
      Fold.fold(sums, 0, STEP, totals, 0);
      for (int lot = 0; lot < 4; lot++) {
        int first = row + lot * quarter;
        write(w, first, LOT, x, totals, lot * LOT, out, at + first, room);
      }
    }
    for (int row = from + 4 * quarter; row < until; row++) {
      chains(w, row, 0, 1, x, sums, room);
      Fold.fold(sums, 0, STEP, totals, 0);
      write(w, row, 1, x, totals, 0, out, at + row, room);
    }
  }

  /** Writes the totals of some rows, plus the columns that fill no unit. */
  private static void write(
      CpuMatrix w,
      int row,
      int count,
      float[] x,
      float[] totals,
      int start,
      float[] out,
      int at,
      float[] room) {
    int bound = bound(w.in());
    for (int i = 0; i < count; i++) {
      float sum = totals[start + i];
      out[at + i] = bound == w.in() ? sum : tail(w, row + i, bound, x, sum, room);
    }
  }

  private static float tail(CpuMatrix w, int row, int bound, float[] x, float sum, float[] room) {
    int count = w.in() - bound;
    w.tensor().read((long) row * w.in() + bound, count, room, 0);
    float total = sum;
    for (int i = 0; i < count; i++) {
      total = Math.fma(room[i], x[bound + i], total);
    }
    return total;
  }

  /** Writes a row's two vectors of sums. */
  static void store(FloatVector a, FloatVector b, float[] sums, int at) {
    a.intoArray(sums, at);
    b.intoArray(sums, at + STEP);
  }
}
