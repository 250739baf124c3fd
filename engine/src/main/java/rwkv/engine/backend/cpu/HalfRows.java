package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Weights stored as bf16 or f16. They are read as pairs in 32-bit lanes, and the even and the odd
 * ones are taken apart with a shift and a mask: far cheaper than widening. So in every block of two
 * vectors the even columns come before the odd ones.
 */
record HalfRows(boolean brain) implements Rows {

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    int bound = Rows.bound(in);
    for (int block = 0; block < bound; block += 2 * COUNT) {
      for (int lane = 0; lane < COUNT; lane++) {
        to[start + block + lane] = x[at + block + 2 * lane];
        to[start + block + COUNT + lane] = x[at + block + 2 * lane + 1];
      }
    }
    System.arraycopy(x, at + bound, to, start + bound, in - bound);
  }

  @Override
  public void chains(
      CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room) {
    long bytes = w.rowBytes();
    int bound = Rows.bound(w.in());
    if (brain) {
      chainBf16(w.row(row), step * bytes, count, bytes, x, bound, sums);
    } else {
      chainF16(w.row(row), step * bytes, count, bytes, x, bound, sums, 0);
      chainF16(w.row(row + 2 * step), step * bytes, count, bytes, x, bound, sums, 2 * LOT * COUNT);
    }
  }

  private static void chainBf16(
      long from, long step, int count, long bytes, float[] x, int bound, float[] sums) {
    for (int r = 0; r < count; r++) {
      long o = from + r * bytes;
      long p = o + step;
      long q = p + step;
      long s = q + step;
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      FloatVector c0 = a0;
      FloatVector c1 = a0;
      FloatVector d0 = a0;
      FloatVector d1 = a0;
      for (int i = 0; i < bound; i += CHAINS) {
        FloatVector even = load(x, i);
        FloatVector odd = load(x, i + COUNT);
        IntVector pairs = Native.ints(o + i * 2L);
        a0 = Lanes.lowBf16(pairs).fma(even, a0);
        a1 = Lanes.highBf16(pairs).fma(odd, a1);
        pairs = Native.ints(p + i * 2L);
        b0 = Lanes.lowBf16(pairs).fma(even, b0);
        b1 = Lanes.highBf16(pairs).fma(odd, b1);
        pairs = Native.ints(q + i * 2L);
        c0 = Lanes.lowBf16(pairs).fma(even, c0);
        c1 = Lanes.highBf16(pairs).fma(odd, c1);
        pairs = Native.ints(s + i * 2L);
        d0 = Lanes.lowBf16(pairs).fma(even, d0);
        d1 = Lanes.highBf16(pairs).fma(odd, d1);
      }
      int at = r * COUNT;
      Rows.store(a0, a1, sums, at);
      Rows.store(b0, b1, sums, at + LOT * COUNT);
      Rows.store(c0, c1, sums, at + 2 * LOT * COUNT);
      Rows.store(d0, d1, sums, at + 3 * LOT * COUNT);
    }
  }

  /** Two lots at a time: four are more than the compiler takes into one method. */
  private static void chainF16(
      long from, long step, int count, long bytes, float[] x, int bound, float[] sums, int at) {
    for (int r = 0; r < count; r++) {
      long o = from + r * bytes;
      long p = o + step;
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      for (int i = 0; i < bound; i += CHAINS) {
        FloatVector even = load(x, i);
        FloatVector odd = load(x, i + COUNT);
        IntVector pairs = Native.ints(o + i * 2L);
        a0 = Lanes.lowF16(pairs).fma(even, a0);
        a1 = Lanes.highF16(pairs).fma(odd, a1);
        pairs = Native.ints(p + i * 2L);
        b0 = Lanes.lowF16(pairs).fma(even, b0);
        b1 = Lanes.highF16(pairs).fma(odd, b1);
      }
      Rows.store(a0, a1, sums, at + r * COUNT);
      Rows.store(b0, b1, sums, at + (LOT + r) * COUNT);
    }
  }

  @Override
  public void unpackChains(CpuMatrix w, int row, float[] to, int start, float[] room) {
    long from = w.row(row);
    int bound = Rows.bound(w.in());
    for (int i = 0; i < bound; i += 2 * COUNT) {
      IntVector p = Native.ints(from + i * 2L);
      (brain ? Lanes.lowBf16(p) : Lanes.lowF16(p)).intoArray(to, start + i);
      (brain ? Lanes.highBf16(p) : Lanes.highF16(p)).intoArray(to, start + i + COUNT);
    }
  }
}
