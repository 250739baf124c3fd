package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights stored as Q8_0: blocks of a scale and 32 signed bytes.
 *
 * <p>Eight lanes hold a block as 32-bit words, whose bytes shifts take out, which is cheaper than
 * widening bytes; columns stand as {@link RowCodes#arrange} puts them. Sixteen lanes widen half a
 * block, and columns stay where they are.
 *
 * <p>Vectors of columns are gone through in a short loop, in which the two chains change places:
 * the compiler unrolls it only after it has counted what the method takes.
 */
record ByteRows() implements Rows {

  private static final int BLOCK = 32;
  private static final long BLOCK_BYTES = 34;
  private static final boolean WORDS = COUNT == 8;

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    if (WORDS) {
      RowCodes.arrange(x, at, to, start, in);
    } else {
      System.arraycopy(x, at, to, start, in);
    }
  }

  @Override
  public void chains(
      CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room) {
    long bytes = w.rowBytes();
    int steps = w.in() / UNIT;
    for (int lot = 0; lot < 4; lot += 2) {
      long from = w.row(row + lot * step);
      int at = lot * LOT * COUNT;
      if (WORDS) {
        chainWords(from, step * bytes, count, bytes, x, steps, sums, at);
      } else {
        chainBytes(from, step * bytes, count, bytes, x, steps, sums, at);
      }
    }
  }

  private static void chainWords(
      long from, long step, int count, long bytes, float[] x, int steps, float[] sums, int at) {
    for (int r = 0; r < count; r++) {
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      for (int i = 0; i < steps; i++) {
        long o = from + r * bytes + i * BLOCK_BYTES;
        FloatVector d = scale(o);
        FloatVector e = scale(o + step);
        IntVector p = Native.ints(o + 2);
        IntVector q = Native.ints(o + step + 2);
        for (int k = 0; k < 4; k++) {
          FloatVector v = load(x, i * UNIT + k * COUNT);
          FloatVector a = lowest(p).mul(d).fma(v, a0);
          FloatVector b = lowest(q).mul(e).fma(v, b0);
          p = p.lanewise(VectorOperators.LSHR, 8);
          q = q.lanewise(VectorOperators.LSHR, 8);
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

  /** The lowest byte of every 32-bit lane, from −128 to 127. */
  private static FloatVector lowest(IntVector words) {
    IntVector high = words.lanewise(VectorOperators.LSHL, 24);
    return Lanes.floats(high.lanewise(VectorOperators.ASHR, 24));
  }

  private static void chainBytes(
      long from, long step, int count, long bytes, float[] x, int steps, float[] sums, int at) {
    for (int r = 0; r < count; r++) {
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      for (int i = 0; i < steps; i++) {
        for (int k = 0; k < 4; k++) {
          long block = from + r * bytes + (2 * i + k / 2) * BLOCK_BYTES;
          long o = block + 2 + k % 2 * COUNT;
          FloatVector v = load(x, i * UNIT + k * COUNT);
          FloatVector a = Native.signedBytes(o).mul(scale(block)).fma(v, a0);
          FloatVector b = Native.signedBytes(o + step).mul(scale(block + step)).fma(v, b0);
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
    int blocks = Rows.bound(w.in()) / BLOCK;
    for (int b = 0; b < blocks; b++) {
      long o = from + b * BLOCK_BYTES;
      int c = start + b * BLOCK;
      FloatVector d = scale(o);
      if (WORDS) {
        IntVector words = Native.ints(o + 2);
        for (int k = 0; k < 4; k++) {
          lowest(words).mul(d).intoArray(to, c + k * COUNT);
          words = words.lanewise(VectorOperators.LSHR, 8);
        }
      } else {
        Native.signedBytes(o + 2).mul(d).intoArray(to, c);
        Native.signedBytes(o + 2 + COUNT).mul(d).intoArray(to, c + COUNT);
      }
    }
  }

  private static FloatVector scale(long at) {
    return FloatVector.broadcast(FLOATS, Native.half(at));
  }
}
