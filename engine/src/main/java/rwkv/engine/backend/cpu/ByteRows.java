package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Weights stored as Q8_0, whose bytes are simple enough to be multiplied where they lie. Products
 * are rounded as those of unpacked weights are.
 */
record ByteRows() implements Rows.Direct {

  private static final int BLOCK = 32;
  private static final long BLOCK_BYTES = 34;

  @Override
  public int block() {
    return BLOCK;
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
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int blocks = w.in() / BLOCK;
    for (int b = 0; b < blocks; b++) {
      a0 = add(a0, m0, b * BLOCK_BYTES, x, b * BLOCK);
      a1 = add(a1, m1, b * BLOCK_BYTES, x, b * BLOCK);
      a2 = add(a2, m2, b * BLOCK_BYTES, x, b * BLOCK);
      a3 = add(a3, m3, b * BLOCK_BYTES, x, b * BLOCK);
    }
    a0.intoArray(sums, 0);
    a1.intoArray(sums, COUNT);
    a2.intoArray(sums, 2 * COUNT);
    a3.intoArray(sums, 3 * COUNT);
  }

  @Override
  public void one(CpuMatrix w, int row, float[] x, float[] sums) {
    MemorySegment m = w.row(row);
    FloatVector a = FloatVector.zero(FLOATS);
    int blocks = w.in() / BLOCK;
    for (int b = 0; b < blocks; b++) {
      a = add(a, m, b * BLOCK_BYTES, x, b * BLOCK);
    }
    a.intoArray(sums, 0);
  }

  /** Adds the products of one block. */
  private static FloatVector add(FloatVector sum, MemorySegment m, long at, float[] x, int i) {
    FloatVector scale = FloatVector.broadcast(FLOATS, Lanes.half(m, at));
    FloatVector a = sum;
    for (int p = 0; p < BLOCK; p += COUNT) {
      FloatVector q = Lanes.signedBytes(m, at + 2 + p);
      a = q.mul(scale).fma(FloatVector.fromArray(FLOATS, x, i + p), a);
    }
    return a;
  }

  @Override
  public void unpack(CpuMatrix w, int row, float[] to, int start) {
    new Unpack(w, w.in()).columns(row, 0, w.in(), to, start);
  }
}
