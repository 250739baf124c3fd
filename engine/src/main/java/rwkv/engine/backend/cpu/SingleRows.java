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
  public void add(
      CpuMatrix w,
      long from,
      float[] x,
      int column,
      int count,
      float[] sums,
      int at,
      float[] room) {
    MemorySegment m = w.data();
    FloatVector a0 = load(sums, at);
    FloatVector a1 = load(sums, at + COUNT);
    FloatVector a2 = load(sums, at + 2 * COUNT);
    FloatVector a3 = load(sums, at + 3 * COUNT);
    for (int i = 0; i < count; i += CHAINS) {
      long o = from + i * 4L;
      int c = column + i;
      a0 = weights(m, o).fma(load(x, c), a0);
      a1 = weights(m, o + 4 * COUNT).fma(load(x, c + COUNT), a1);
      a2 = weights(m, o + 8 * COUNT).fma(load(x, c + 2 * COUNT), a2);
      a3 = weights(m, o + 12 * COUNT).fma(load(x, c + 3 * COUNT), a3);
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
  }

  private static FloatVector weights(MemorySegment m, long at) {
    return FloatVector.fromMemorySegment(FLOATS, m, at, ORDER);
  }

  /** The same of weights that have been unpacked. */
  static void add(float[] w, float[] x, int column, int count, float[] sums, int at) {
    FloatVector a0 = load(sums, at);
    FloatVector a1 = load(sums, at + COUNT);
    FloatVector a2 = load(sums, at + 2 * COUNT);
    FloatVector a3 = load(sums, at + 3 * COUNT);
    for (int i = 0; i < count; i += CHAINS) {
      int c = column + i;
      a0 = load(w, i).fma(load(x, c), a0);
      a1 = load(w, i + COUNT).fma(load(x, c + COUNT), a1);
      a2 = load(w, i + 2 * COUNT).fma(load(x, c + 2 * COUNT), a2);
      a3 = load(w, i + 3 * COUNT).fma(load(x, c + 3 * COUNT), a3);
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    MemorySegment.copy(w.data(), NUMBER, from, to, start, count);
  }
}
