package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights stored as Q5_0 or Q5_1: blocks of a scale, with Q5_1 a minimum, a word with the fifth bit
 * of every column, and sixteen bytes like those of {@link NibbleRows}. They are unpacked a stretch
 * at a time and multiplied from there: with five bits, taking apart and multiplying in one loop is
 * more than the compiler takes into one method.
 */
record FiveBitRows(boolean minimum) implements Rows {

  private static final int BLOCK = 32;

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
    unpack(w, from, count, room, 0);
    SingleRows.add(room, x, column, count, sums, at);
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    MemorySegment m = w.data();
    int blocks = count / BLOCK;
    int head = minimum ? 4 : 2;
    for (int b = 0; b < blocks; b++) {
      long o = from + b * (20L + head);
      float d = Lanes.half(m, o);
      FloatVector scale = FloatVector.broadcast(FLOATS, d);
      FloatVector zero = FloatVector.broadcast(FLOATS, minimum ? Lanes.half(m, o + 2) : -16 * d);
      int fifth = Lanes.word(m, o + head);
      for (int i = 0; i < BLOCK / 2; i += COUNT) {
        IntVector p = Lanes.bytes(m, o + head + 4 + i);
        IntVector low = p.and(15).or(fifth(fifth, i));
        IntVector high = p.lanewise(VectorOperators.LSHR, 4).or(fifth(fifth, i + BLOCK / 2));
        Lanes.floats(low).fma(scale, zero).intoArray(to, start + b * BLOCK + i);
        Lanes.floats(high).fma(scale, zero).intoArray(to, start + b * BLOCK + BLOCK / 2 + i);
      }
    }
  }

  /** Of every lane the bit from {@code first} on, as 0 or 16. */
  private static IntVector fifth(int bits, int first) {
    return IntVector.broadcast(INTS, Integer.rotateLeft(bits, 4 - first))
        .lanewise(VectorOperators.LSHR, Lanes.INDEX)
        .and(16);
  }
}
