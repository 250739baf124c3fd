package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Q6_K: blocks of 256 columns, whose 128 bytes of lower bits come first, then 64 of upper bits,
 * sixteen scales for sixteen columns each, and the scales' own scale. Of a half of 128 columns,
 * lower byte i belongs to columns i and i + 64, lower byte i + 32 to i + 32 and i + 96, and upper
 * byte i to all four.
 */
record SixBitCodesK() implements RowCodes {

  private static final int BLOCK = 256;
  private static final long BYTES = 210;

  /** The first two lanes, each four times; and the lanes two further on. */
  private static final VectorShuffle<Float> FIRST_TWO =
      VectorShuffle.fromOp(WIDE_FLOATS, lane -> lane / 4);

  private static final VectorShuffle<Float> BY_TWO = VectorShuffle.iota(WIDE_FLOATS, 2, 1, true);

  @Override
  public int middle() {
    return 32;
  }

  @Override
  public void read(long from, int columns, float[] room, int at, int words) {
    for (int b = 0; b < columns / BLOCK; b++) {
      long o = from + b * BYTES;
      int to = at + b * BLOCK / 4;
      takeHalf(o, o + 128, room, to);
      takeHalf(o + 64, o + 160, room, to + 32);
      takeScales(o, room, words + to);
    }
  }

  private static void takeHalf(long lower, long upper, float[] room, int to) {
    for (int i = 0; i < 8; i += WIDE.length()) {
      IntVector first = Native.ints(WIDE, lower + 4 * i);
      IntVector second = Native.ints(WIDE, lower + 32 + 4 * i);
      IntVector top = Native.ints(WIDE, upper + 4 * i);
      RowCodes.put(low(first).or(bits(top.lanewise(VectorOperators.LSHL, 4))), room, to + i);
      RowCodes.put(low(second).or(bits(top.lanewise(VectorOperators.LSHL, 2))), room, to + 8 + i);
      RowCodes.put(high(first).or(bits(top)), room, to + 16 + i);
      RowCodes.put(high(second).or(bits(top.lanewise(VectorOperators.LSHR, 2))), room, to + 24 + i);
    }
  }

  private static IntVector low(IntVector pairs) {
    return pairs.and(0x0f0f0f0f);
  }

  private static IntVector high(IntVector pairs) {
    return low(pairs.lanewise(VectorOperators.LSHR, 4));
  }

  private static IntVector bits(IntVector top) {
    return top.and(0x30303030);
  }

  private static void takeScales(long block, float[] room, int to) {
    float d = Native.half(block + 208);
    if (COUNT < 8) {
      for (int run = 0; run < 16; run++) {
        FloatVector scale =
            FloatVector.broadcast(WIDE_FLOATS, d * Native.byteAt(block + 192 + run));
        scale.intoArray(room, to + 4 * run);
      }
      return;
    }
    for (int eight = 0; eight < 16; eight += 8) {
      FloatVector scales = Native.eightBytes(block + 192 + eight).mul(d);
      for (int run = eight; run < eight + 8; run += 2) {
        scales.rearrange(FIRST_TWO).intoArray(room, to + 4 * run);
        scales = scales.rearrange(BY_TWO);
      }
    }
  }
}
