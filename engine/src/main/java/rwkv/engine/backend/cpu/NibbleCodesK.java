package rwkv.engine.backend.cpu;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K and Q5_K: blocks of 256 columns in eight runs of 32, with a scale and a minimum of six bits
 * each. The bytes of a run's lower bits hold the next run's in their upper halves; byte i of the
 * fifth bits holds those of column i of every run.
 */
record NibbleCodesK(boolean fifth) implements RowCodes {

  private static final int BLOCK = 256;

  @Override
  public void read(long from, int columns, float[] room, int at, int words) {
    long bytes = fifth ? 176 : 144;
    for (int b = 0; b < columns / BLOCK; b++) {
      long o = from + b * bytes;
      int to = at + b * BLOCK / 4;
      if (fifth) {
        takeFive(o + 48, o + 16, room, to);
      } else {
        takeFour(o + 16, room, to);
      }
      takeScales(o, room, words + to, words);
    }
  }

  private static void takeFour(long at, float[] room, int to) {
    for (int run = 0; run < 4; run++) {
      for (int i = 0; i < 8; i += WIDE.length()) {
        IntVector pairs = Native.ints(WIDE, at + 32 * run + 4 * i);
        RowCodes.put(pairs.and(0x0f0f0f0f), room, to + 16 * run + i);
        pairs = pairs.lanewise(VectorOperators.LSHR, 4).and(0x0f0f0f0f);
        RowCodes.put(pairs, room, to + 16 * run + 8 + i);
      }
    }
  }

  private static void takeFive(long at, long fifths, float[] room, int to) {
    for (int i = 0; i < 8; i += WIDE.length()) {
      IntVector bits = Native.ints(WIDE, fifths + 4 * i);
      for (int run = 0; run < 4; run++) {
        IntVector pairs = Native.ints(WIDE, at + 32 * run + 4 * i);
        IntVector fifth = bits.and(0x01010101).lanewise(VectorOperators.LSHL, 4);
        RowCodes.put(pairs.and(0x0f0f0f0f).or(fifth), room, to + 16 * run + i);
        pairs = pairs.lanewise(VectorOperators.LSHR, 4).and(0x0f0f0f0f);
        fifth = bits.and(0x02020202).lanewise(VectorOperators.LSHL, 3);
        RowCodes.put(pairs.or(fifth), room, to + 16 * run + 8 + i);
        bits = bits.lanewise(VectorOperators.LSHR, 2);
      }
    }
  }

  private static void takeScales(long block, float[] room, int to, int words) {
    float d = Native.half(block);
    float min = -Native.half(block + 2);
    int a = Native.get(block + 4);
    int b = Native.get(block + 8);
    int c = Native.get(block + 12);
    fourRuns(a & 0x3f3f3f3f, d, room, to);
    fourRuns(c & 0x0f0f0f0f | a >>> 2 & 0x30303030, d, room, to + 32);
    fourRuns(b & 0x3f3f3f3f, min, room, to + words);
    fourRuns(c >>> 4 & 0x0f0f0f0f | b >>> 2 & 0x30303030, min, room, to + words + 32);
  }

  private static void fourRuns(int bytes, float d, float[] room, int to) {
    for (int run = 0; run < 4; run++) {
      RowCodes.fill(room, to + 8 * run, d * (bytes >>> 8 * run & 255));
    }
  }
}
