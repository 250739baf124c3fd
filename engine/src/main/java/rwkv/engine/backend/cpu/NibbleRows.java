package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights stored as Q4_0 or Q4_1: blocks of a scale, with Q4_1 a minimum, and sixteen bytes, whose
 * lower halves are the first sixteen columns and whose upper halves the others.
 *
 * <p>Two vectors of bytes make a unit: of one block with eight lanes, of two with sixteen. Columns
 * come in the order of both vectors' lower halves, then their upper halves.
 */
record NibbleRows(boolean minimum) implements Rows {

  private static final int BLOCK = 32;
  private static final boolean TWO_BLOCKS = COUNT == 16;

  private int head() {
    return minimum ? 4 : 2;
  }

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    System.arraycopy(x, at, to, start, in);
    for (int i = COUNT; TWO_BLOCKS && i < Rows.bound(in); i += UNIT) {
      System.arraycopy(x, at + i, to, start + i + COUNT, COUNT);
      System.arraycopy(x, at + i + COUNT, to, start + i, COUNT);
    }
  }

  @Override
  public void chains(
      CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room) {
    long bytes = w.rowBytes();
    int steps = w.in() / UNIT;
    for (int lot = 0; lot < 4; lot += 2) {
      int at = lot * LOT * COUNT;
      chain(w.row(row + lot * step), step * bytes, count, bytes, head(), x, steps, sums, at);
    }
  }

  /** Two lots at a time; the two vectors of bytes in a loop for the reason {@link ByteRows} has. */
  private static void chain(
      long from,
      long step,
      int count,
      long bytes,
      int head,
      float[] x,
      int steps,
      float[] sums,
      int at) {
    for (int r = 0; r < count; r++) {
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      for (int i = 0; i < steps; i++) {
        for (int k = 0; k < 2; k++) {
          long block = from + r * bytes + (TWO_BLOCKS ? 2 * i + k : i) * (16L + head);
          long o = block + head + (TWO_BLOCKS ? 0 : k * COUNT);
          FloatVector d = FloatVector.broadcast(FLOATS, Native.half(block));
          FloatVector e = FloatVector.broadcast(FLOATS, Native.half(block + step));
          FloatVector c = zero(block, head);
          FloatVector f = zero(block + step, head);
          IntVector p = Native.bytes(o);
          IntVector q = Native.bytes(o + step);
          FloatVector v = load(x, i * UNIT + k * COUNT);
          FloatVector w = load(x, i * UNIT + (2 + k) * COUNT);
          FloatVector a = high(p).fma(d, c).fma(w, low(p).fma(d, c).fma(v, a0));
          FloatVector b = high(q).fma(e, f).fma(w, low(q).fma(e, f).fma(v, b0));
          a0 = a1;
          b0 = b1;
          a1 = a;
          b1 = b;
        }
      }
      Rows.store(a0, a1, sums, at + r * COUNT);
      Rows.store(b0, b1, sums, at + (LOT + r) * COUNT);
    }
  }

  @Override
  public void unpackChains(CpuMatrix w, int row, float[] to, int start, float[] room) {
    long from = w.row(row);
    int head = head();
    int blocks = Rows.bound(w.in()) / BLOCK;
    for (int b = 0; b < blocks; b++) {
      long o = from + b * (16L + head);
      FloatVector d = FloatVector.broadcast(FLOATS, Native.half(o));
      FloatVector zero = zero(o, head);
      int target = start + (TWO_BLOCKS ? b / 2 * UNIT + b % 2 * COUNT : b * BLOCK);
      for (int i = 0; i < BLOCK / 2; i += COUNT) {
        IntVector p = Native.bytes(o + head + i);
        low(p).fma(d, zero).intoArray(to, target + i);
        high(p).fma(d, zero).intoArray(to, target + i + 2 * COUNT);
      }
    }
  }

  /** What the code 0 stands for. */
  private static FloatVector zero(long block, int head) {
    return FloatVector.broadcast(
        FLOATS, head == 4 ? Native.half(block + 2) : -8 * Native.half(block));
  }

  private static FloatVector low(IntVector bytes) {
    return Lanes.floats(bytes.and(15));
  }

  private static FloatVector high(IntVector bytes) {
    return Lanes.floats(bytes.lanewise(VectorOperators.LSHR, 4));
  }
}
