package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.ORDER;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Weights stored as f32. */
record SingleRows() implements Rows {

  private static final ValueLayout.OfFloat NUMBER =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    System.arraycopy(x, at, to, start, in);
  }

  @Override
  public void chains(
      CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room) {
    long bytes = w.rowBytes();
    chain(w.row(row), step * bytes, count, bytes, x, Rows.bound(w.in()), sums);
  }

  private static void chain(
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
        FloatVector v = load(x, i);
        a0 = Native.floats(o + i * 4L).fma(v, a0);
        b0 = Native.floats(p + i * 4L).fma(v, b0);
        c0 = Native.floats(q + i * 4L).fma(v, c0);
        d0 = Native.floats(s + i * 4L).fma(v, d0);
        v = load(x, i + COUNT);
        a1 = Native.floats(o + i * 4L + 4 * COUNT).fma(v, a1);
        b1 = Native.floats(p + i * 4L + 4 * COUNT).fma(v, b1);
        c1 = Native.floats(q + i * 4L + 4 * COUNT).fma(v, c1);
        d1 = Native.floats(s + i * 4L + 4 * COUNT).fma(v, d1);
      }
      int at = r * COUNT;
      Rows.store(a0, a1, sums, at);
      Rows.store(b0, b1, sums, at + LOT * COUNT);
      Rows.store(c0, c1, sums, at + 2 * LOT * COUNT);
      Rows.store(d0, d1, sums, at + 3 * LOT * COUNT);
    }
  }

  @Override
  public void unpackChains(CpuMatrix w, int row, float[] to, int start, float[] room) {
    long from = row * w.rowBytes();
    MemorySegment.copy(w.data(), NUMBER, from, to, start, Rows.bound(w.in()));
  }
}
