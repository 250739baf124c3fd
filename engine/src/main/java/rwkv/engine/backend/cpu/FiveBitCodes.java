package rwkv.engine.backend.cpu;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_0 and Q5_1: blocks of 32 columns with a scale, with Q5_1 a minimum, a word with the fifth bit
 * of every column, and sixteen bytes, whose lower halves are the first sixteen columns and whose
 * upper halves the others.
 */
record FiveBitCodes(boolean minimum) implements RowCodes {

  private static final int BLOCK = 32;
  private static final IntVector BY_FOUR = IntVector.zero(FOUR).addIndex(4);

  @Override
  public int middle() {
    return minimum ? 0 : 16;
  }

  @Override
  public void read(long from, int columns, float[] room, int at, int words) {
    int head = minimum ? 4 : 2;
    for (int b = 0; b < columns / BLOCK; b++) {
      long o = from + b * (20L + head);
      int to = at + b * BLOCK / 4;
      int fifths = Native.get(o + head);
      IntVector pairs = Native.ints(FOUR, o + head + 4);
      RowCodes.put(pairs.and(0x0f0f0f0f).or(fifth(fifths)), room, to);
      pairs = pairs.lanewise(VectorOperators.LSHR, 4).and(0x0f0f0f0f);
      RowCodes.put(pairs.or(fifth(fifths >>> 16)), room, to + 4);
      RowCodes.fill(room, words + to, Native.half(o));
      if (minimum) {
        RowCodes.fill(room, 2 * words + to, Native.half(o + 2));
      }
    }
  }

  /** The lowest sixteen bits, each as 16 in a byte of its own; the product spreads four. */
  private static IntVector fifth(int bits) {
    return IntVector.broadcast(FOUR, bits)
        .lanewise(VectorOperators.LSHR, BY_FOUR)
        .and(15)
        .mul(0x00204081)
        .and(0x01010101)
        .lanewise(VectorOperators.LSHL, 4);
  }
}
