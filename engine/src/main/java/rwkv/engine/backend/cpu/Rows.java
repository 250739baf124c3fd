package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.INTS;
import static rwkv.engine.backend.cpu.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import rwkv.engine.tensor.DType;

/**
 * Rows of a weight matrix times activations, for each stored type.
 *
 * <p>Sixteen-bit weights are read as pairs in 32-bit lanes, and the even and the odd ones of a
 * block are unpacked with a shift and a mask: far cheaper than widening. The activations are
 * therefore brought into the same order once per product ({@link #arrange}): in every block of two
 * vectors first the even ones, then the odd. {@link Direct} reads weights where they lie, four rows
 * at once; {@link #unpack} makes an f32 copy of one row for products over many tokens ({@link
 * Tile}). Both add up in the same order, so one token gives the same bits alone and in a chunk.
 */
sealed interface Rows permits Rows.Direct, BlockRows {

  static Rows of(DType dtype) {
    return switch (dtype) {
      case F32 -> new F32();
      case BF16 -> new Bf16();
      case F16 -> new F16();
      case Q8_0 -> Unpack.VECTORS ? new ByteRows() : new BlockRows();
      case F64, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> new BlockRows();
      default -> throw new IllegalArgumentException("no product for weights stored as " + dtype);
    };
  }

  /** Columns that are read at once. */
  int block();

  /**
   * Copies {@code in} activations from {@code x[at…]} to {@code to[start…]} in the order of
   * weights.
   */
  void arrange(float[] x, int at, float[] to, int start, int in);

  /** out[at + row] ← Σ weights[row] · x for rows {@code from} to {@code until}; x is arranged. */
  void times(CpuMatrix weights, int from, int until, float[] x, float[] out, int at);

  /** One row as f32 in the order of {@link #arrange}. */
  void unpack(CpuMatrix weights, int row, float[] to, int start);

  /** Puts the even numbers of every block of two vectors before the odd ones. */
  static void pairs(float[] x, int at, float[] to, int start, int in) {
    int bound = in - in % (2 * COUNT);
    for (int block = 0; block < bound; block += 2 * COUNT) {
      for (int lane = 0; lane < COUNT; lane++) {
        to[start + block + lane] = x[at + block + 2 * lane];
        to[start + block + COUNT + lane] = x[at + block + 2 * lane + 1];
      }
    }
    System.arraycopy(x, at + bound, to, start + bound, in - bound);
  }

  /** Adds the products of the last columns, which fill no vector. */
  private static float tail(CpuMatrix w, int row, int column, float[] x, float sum) {
    float total = sum;
    for (int i = column; i < w.in(); i++) {
      total = Math.fma((float) w.get(row, i), x[i], total);
    }
    return total;
  }

  private static void tail(CpuMatrix w, int row, int column, float[] to, int start) {
    for (int i = column; i < w.in(); i++) {
      to[start + i] = (float) w.get(row, i);
    }
  }

  /** Weights stored one by one, which are multiplied where they lie. */
  sealed interface Direct extends Rows permits F32, Bf16, F16, ByteRows {

    /**
     * {@inheritDoc}
     *
     * <p>The four rows that are read at once lie a quarter of the range apart. So memory sees four
     * long streams, which it fetches ahead; with neighbouring rows it sees four short ones that all
     * jump at every row's end, and short rows arrive at half the speed.
     */
    @Override
    default void times(CpuMatrix weights, int from, int until, float[] x, float[] out, int at) {
      int bound = weights.in() - weights.in() % block();
      int quarter = (until - from) / 4;
      float[] sums = new float[4 * COUNT];
      for (int row = from; row < from + quarter; row++) {
        four(weights, row, quarter, x, sums);
        for (int i = 0; i < 4; i++) {
          int r = row + i * quarter;
          out[at + r] = tail(weights, r, bound, x, Lanes.sum(sums, i * COUNT));
        }
      }
      for (int row = from + 4 * quarter; row < until; row++) {
        one(weights, row, x, sums);
        out[at + row] = tail(weights, row, bound, x, Lanes.sum(sums, 0));
      }
    }

    /**
     * The products of whole blocks of row {@code row} and the three at {@code step} rows from one
     * another, left in {@code sums} as one vector each: adding up lanes is the same for all types,
     * and here it would only make the method longer to compile.
     */
    void four(CpuMatrix weights, int row, int step, float[] x, float[] sums);

    /** The same of one row. */
    void one(CpuMatrix weights, int row, float[] x, float[] sums);
  }

  /** Weights stored as f32. */
  record F32() implements Direct {
    @Override
    public int block() {
      return COUNT;
    }

    @Override
    public void arrange(float[] x, int at, float[] to, int start, int in) {
      System.arraycopy(x, at, to, start, in);
    }

    @Override
    public void four(CpuMatrix w, int row, int step, float[] x, float[] sums) {
      MemorySegment m0 = w.row(row);
      MemorySegment m1 = w.row(row + step);
      MemorySegment m2 = w.row(row + 2 * step);
      MemorySegment m3 = w.row(row + 3 * step);
      int bound = w.in() - w.in() % COUNT;
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      for (int i = 0; i < bound; i += COUNT) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, i);
        a0 = FloatVector.fromMemorySegment(FLOATS, m0, i * 4L, ORDER).fma(v, a0);
        a1 = FloatVector.fromMemorySegment(FLOATS, m1, i * 4L, ORDER).fma(v, a1);
        a2 = FloatVector.fromMemorySegment(FLOATS, m2, i * 4L, ORDER).fma(v, a2);
        a3 = FloatVector.fromMemorySegment(FLOATS, m3, i * 4L, ORDER).fma(v, a3);
      }
      a0.intoArray(sums, 0);
      a1.intoArray(sums, COUNT);
      a2.intoArray(sums, 2 * COUNT);
      a3.intoArray(sums, 3 * COUNT);
    }

    @Override
    public void one(CpuMatrix w, int row, float[] x, float[] sums) {
      int bound = w.in() - w.in() % COUNT;
      MemorySegment m = w.row(row);
      FloatVector a = FloatVector.zero(FLOATS);
      for (int i = 0; i < bound; i += COUNT) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, i);
        a = FloatVector.fromMemorySegment(FLOATS, m, i * 4L, ORDER).fma(v, a);
      }
      a.intoArray(sums, 0);
    }

    @Override
    public void unpack(CpuMatrix w, int row, float[] to, int start) {
      long from = row * (w.in() * 4L);
      MemorySegment.copy(
          w.data(), ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER), from, to, start, w.in());
    }
  }

  /** Weights stored as bf16. */
  record Bf16() implements Direct {
    @Override
    public int block() {
      return 2 * COUNT;
    }

    @Override
    public void arrange(float[] x, int at, float[] to, int start, int in) {
      pairs(x, at, to, start, in);
    }

    @Override
    public void four(CpuMatrix w, int row, int step, float[] x, float[] sums) {
      MemorySegment m0 = w.row(row);
      MemorySegment m1 = w.row(row + step);
      MemorySegment m2 = w.row(row + 2 * step);
      MemorySegment m3 = w.row(row + 3 * step);
      int bound = w.in() - w.in() % (2 * COUNT);
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      for (int i = 0; i < bound; i += 2 * COUNT) {
        FloatVector even = FloatVector.fromArray(FLOATS, x, i);
        FloatVector odd = FloatVector.fromArray(FLOATS, x, i + COUNT);
        IntVector p0 = IntVector.fromMemorySegment(INTS, m0, i * 2L, ORDER);
        IntVector p1 = IntVector.fromMemorySegment(INTS, m1, i * 2L, ORDER);
        IntVector p2 = IntVector.fromMemorySegment(INTS, m2, i * 2L, ORDER);
        IntVector p3 = IntVector.fromMemorySegment(INTS, m3, i * 2L, ORDER);
        a0 = Lanes.highBf16(p0).fma(odd, Lanes.lowBf16(p0).fma(even, a0));
        a1 = Lanes.highBf16(p1).fma(odd, Lanes.lowBf16(p1).fma(even, a1));
        a2 = Lanes.highBf16(p2).fma(odd, Lanes.lowBf16(p2).fma(even, a2));
        a3 = Lanes.highBf16(p3).fma(odd, Lanes.lowBf16(p3).fma(even, a3));
      }
      a0.intoArray(sums, 0);
      a1.intoArray(sums, COUNT);
      a2.intoArray(sums, 2 * COUNT);
      a3.intoArray(sums, 3 * COUNT);
    }

    @Override
    public void one(CpuMatrix w, int row, float[] x, float[] sums) {
      int bound = w.in() - w.in() % (2 * COUNT);
      MemorySegment m = w.row(row);
      FloatVector a = FloatVector.zero(FLOATS);
      for (int i = 0; i < bound; i += 2 * COUNT) {
        IntVector p = IntVector.fromMemorySegment(INTS, m, i * 2L, ORDER);
        FloatVector even = FloatVector.fromArray(FLOATS, x, i);
        FloatVector odd = FloatVector.fromArray(FLOATS, x, i + COUNT);
        a = Lanes.highBf16(p).fma(odd, Lanes.lowBf16(p).fma(even, a));
      }
      a.intoArray(sums, 0);
    }

    @Override
    public void unpack(CpuMatrix w, int row, float[] to, int start) {
      int bound = w.in() - w.in() % (2 * COUNT);
      MemorySegment m = w.row(row);
      for (int i = 0; i < bound; i += 2 * COUNT) {
        IntVector p = IntVector.fromMemorySegment(INTS, m, i * 2L, ORDER);
        Lanes.lowBf16(p).intoArray(to, start + i);
        Lanes.highBf16(p).intoArray(to, start + i + COUNT);
      }
      tail(w, row, bound, to, start);
    }
  }

  /** Weights stored as f16. */
  record F16() implements Direct {
    @Override
    public int block() {
      return 2 * COUNT;
    }

    @Override
    public void arrange(float[] x, int at, float[] to, int start, int in) {
      pairs(x, at, to, start, in);
    }

    /** Two and two: unpacking four rows at once is more than the compiler takes into one method. */
    @Override
    public void four(CpuMatrix w, int row, int step, float[] x, float[] sums) {
      two(w, row, row + step, x, sums, 0);
      two(w, row + 2 * step, row + 3 * step, x, sums, 2 * COUNT);
    }

    private static void two(CpuMatrix w, int first, int second, float[] x, float[] sums, int at) {
      MemorySegment m0 = w.row(first);
      MemorySegment m1 = w.row(second);
      int bound = w.in() - w.in() % (2 * COUNT);
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      for (int i = 0; i < bound; i += 2 * COUNT) {
        FloatVector even = FloatVector.fromArray(FLOATS, x, i);
        FloatVector odd = FloatVector.fromArray(FLOATS, x, i + COUNT);
        IntVector p0 = IntVector.fromMemorySegment(INTS, m0, i * 2L, ORDER);
        IntVector p1 = IntVector.fromMemorySegment(INTS, m1, i * 2L, ORDER);
        a0 = Lanes.highF16(p0).fma(odd, Lanes.lowF16(p0).fma(even, a0));
        a1 = Lanes.highF16(p1).fma(odd, Lanes.lowF16(p1).fma(even, a1));
      }
      a0.intoArray(sums, at);
      a1.intoArray(sums, at + COUNT);
    }

    @Override
    public void one(CpuMatrix w, int row, float[] x, float[] sums) {
      int bound = w.in() - w.in() % (2 * COUNT);
      MemorySegment m = w.row(row);
      FloatVector a = FloatVector.zero(FLOATS);
      for (int i = 0; i < bound; i += 2 * COUNT) {
        IntVector p = IntVector.fromMemorySegment(INTS, m, i * 2L, ORDER);
        FloatVector even = FloatVector.fromArray(FLOATS, x, i);
        FloatVector odd = FloatVector.fromArray(FLOATS, x, i + COUNT);
        a = Lanes.highF16(p).fma(odd, Lanes.lowF16(p).fma(even, a));
      }
      a.intoArray(sums, 0);
    }

    @Override
    public void unpack(CpuMatrix w, int row, float[] to, int start) {
      int bound = w.in() - w.in() % (2 * COUNT);
      MemorySegment m = w.row(row);
      for (int i = 0; i < bound; i += 2 * COUNT) {
        IntVector p = IntVector.fromMemorySegment(INTS, m, i * 2L, ORDER);
        Lanes.lowF16(p).intoArray(to, start + i);
        Lanes.highF16(p).intoArray(to, start + i + COUNT);
      }
      tail(w, row, bound, to, start);
    }
  }
}
