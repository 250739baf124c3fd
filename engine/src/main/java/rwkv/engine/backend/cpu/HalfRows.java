package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
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
  public void add(
      CpuMatrix w,
      long from,
      float[] x,
      int column,
      int count,
      float[] sums,
      int at,
      float[] room) {
    if (brain) {
      addBf16(w.data(), from, x, column, count, sums, at);
    } else {
      addF16(w.data(), from, x, column, count, sums, at);
    }
  }

  private static void addBf16(
      MemorySegment m, long from, float[] x, int column, int count, float[] sums, int at) {
    FloatVector a0 = load(sums, at);
    FloatVector a1 = load(sums, at + COUNT);
    FloatVector a2 = load(sums, at + 2 * COUNT);
    FloatVector a3 = load(sums, at + 3 * COUNT);
    for (int i = 0; i < count; i += CHAINS) {
      IntVector p = Lanes.words(m, from + i * 2L);
      IntVector q = Lanes.words(m, from + i * 2L + 4 * COUNT);
      int c = column + i;
      a0 = Lanes.lowBf16(p).fma(load(x, c), a0);
      a1 = Lanes.highBf16(p).fma(load(x, c + COUNT), a1);
      a2 = Lanes.lowBf16(q).fma(load(x, c + 2 * COUNT), a2);
      a3 = Lanes.highBf16(q).fma(load(x, c + 3 * COUNT), a3);
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
  }

  private static void addF16(
      MemorySegment m, long from, float[] x, int column, int count, float[] sums, int at) {
    FloatVector a0 = load(sums, at);
    FloatVector a1 = load(sums, at + COUNT);
    FloatVector a2 = load(sums, at + 2 * COUNT);
    FloatVector a3 = load(sums, at + 3 * COUNT);
    for (int i = 0; i < count; i += CHAINS) {
      IntVector p = Lanes.words(m, from + i * 2L);
      IntVector q = Lanes.words(m, from + i * 2L + 4 * COUNT);
      int c = column + i;
      a0 = Lanes.lowF16(p).fma(load(x, c), a0);
      a1 = Lanes.highF16(p).fma(load(x, c + COUNT), a1);
      a2 = Lanes.lowF16(q).fma(load(x, c + 2 * COUNT), a2);
      a3 = Lanes.highF16(q).fma(load(x, c + 3 * COUNT), a3);
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    MemorySegment m = w.data();
    for (int i = 0; i < count; i += 2 * COUNT) {
      IntVector p = Lanes.words(m, from + i * 2L);
      (brain ? Lanes.lowBf16(p) : Lanes.lowF16(p)).intoArray(to, start + i);
      (brain ? Lanes.highBf16(p) : Lanes.highF16(p)).intoArray(to, start + i + COUNT);
    }
  }
}
