package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Blocks of 256 weights, whose runs have quantised scales of their own. */
final class UnpackK {

  private UnpackK() {}

  static void fours(byte[] m, int blocks, float[] to, int start) {
    for (int b = 0; b < blocks; b++) {
      int at = b * 144;
      float d = Lanes.half(m, at);
      float min = -Lanes.half(m, at + 2);
      long scales = scales(m, at + 4);
      long minima = minima(m, at + 4);
      for (int run = 0; run < 8; run += 2) {
        int shift = run * 8;
        fours(
            m,
            at + 16 + run * 16,
            d * (scales >>> shift & 63),
            min * (minima >>> shift & 63),
            d * (scales >>> shift + 8 & 63),
            min * (minima >>> shift + 8 & 63),
            to,
            start + b * 256 + run * 32);
      }
    }
  }

  private static void fours(
      byte[] m, int at, float s0, float z0, float s1, float z1, float[] to, int start) {
    FloatVector scale0 = FloatVector.broadcast(FLOATS, s0);
    FloatVector zero0 = FloatVector.broadcast(FLOATS, z0);
    FloatVector scale1 = FloatVector.broadcast(FLOATS, s1);
    FloatVector zero1 = FloatVector.broadcast(FLOATS, z1);
    for (int i = 0; i < 32; i += COUNT) {
      IntVector q = Lanes.bytes(m, at + i);
      FloatVector low = Lanes.floats(q.and(15));
      FloatVector high = Lanes.floats(q.lanewise(VectorOperators.LSHR, 4));
      low.fma(scale0, zero0).intoArray(to, start + i);
      high.fma(scale1, zero1).intoArray(to, start + 32 + i);
    }
  }

  static void fives(byte[] m, int blocks, float[] to, int start) {
    for (int b = 0; b < blocks; b++) {
      int at = b * 176;
      float d = Lanes.half(m, at);
      float min = -Lanes.half(m, at + 2);
      long scales = scales(m, at + 4);
      long minima = minima(m, at + 4);
      for (int run = 0; run < 8; run += 2) {
        int shift = run * 8;
        fives(
            m,
            at + 16,
            run,
            d * (scales >>> shift & 63),
            min * (minima >>> shift & 63),
            d * (scales >>> shift + 8 & 63),
            min * (minima >>> shift + 8 & 63),
            to,
            start + b * 256 + run * 32);
      }
    }
  }

  private static void fives(
      byte[] m, int at, int run, float s0, float z0, float s1, float z1, float[] to, int start) {
    FloatVector scale0 = FloatVector.broadcast(FLOATS, s0);
    FloatVector zero0 = FloatVector.broadcast(FLOATS, z0);
    FloatVector scale1 = FloatVector.broadcast(FLOATS, s1);
    FloatVector zero1 = FloatVector.broadcast(FLOATS, z1);
    for (int i = 0; i < 32; i += COUNT) {
      IntVector q = Lanes.bytes(m, at + 32 + run * 16 + i);
      IntVector fifth =
          Lanes.bytes(m, at + i)
              .lanewise(VectorOperators.LSHL, 4)
              .lanewise(VectorOperators.LSHR, run);
      FloatVector low = Lanes.floats(q.and(15).or(fifth.and(16)));
      fifth = fifth.lanewise(VectorOperators.LSHR, 1);
      FloatVector high = Lanes.floats(q.lanewise(VectorOperators.LSHR, 4).or(fifth.and(16)));
      low.fma(scale0, zero0).intoArray(to, start + i);
      high.fma(scale1, zero1).intoArray(to, start + 32 + i);
    }
  }

  /**
   * A byte of low bits belongs to two weights 64 apart; a byte of high bits to four, 32 apart, of
   * which two share the low byte.
   */
  static void sixes(byte[] m, int blocks, float[] to, int start) {
    for (int b = 0; b < blocks; b++) {
      int at = b * 210;
      float d = Lanes.half(m, at + 208);
      for (int run = 0; run < 8; run++) {
        int half = run / 4;
        int pair = run / 2 % 2;
        int scale = at + 192 + half * 8 + run % 4;
        sixes(
            m,
            at + run * 16,
            at + 128 + half * 32 + run % 2 * 16,
            2 * pair,
            d * m[scale],
            d * m[scale + 4],
            to,
            start + b * 256 + half * 128 + run % 4 * 16);
      }
    }
  }

  /** Sixteen low bytes: two runs, the second 64 weights after the first. */
  private static void sixes(
      byte[] m, int low, int high, int shift, float s0, float s1, float[] to, int start) {
    FloatVector scale0 = FloatVector.broadcast(FLOATS, s0);
    FloatVector zero0 = FloatVector.broadcast(FLOATS, -32 * s0);
    FloatVector scale1 = FloatVector.broadcast(FLOATS, s1);
    FloatVector zero1 = FloatVector.broadcast(FLOATS, -32 * s1);
    for (int i = 0; i < 16; i += COUNT) {
      IntVector q = Lanes.bytes(m, low + i);
      IntVector top = Lanes.bytes(m, high + i).lanewise(VectorOperators.LSHR, shift);
      FloatVector first = Lanes.floats(q.and(15).or(top.and(3).lanewise(VectorOperators.LSHL, 4)));
      FloatVector second = Lanes.floats(q.lanewise(VectorOperators.LSHR, 4).or(top.and(0x30)));
      first.fma(scale0, zero0).intoArray(to, start + i);
      second.fma(scale1, zero1).intoArray(to, start + 64 + i);
    }
  }

  /** The scales of eight runs, one to a byte: six bits that lie together or in two pieces. */
  private static long scales(byte[] m, int at) {
    int a = Lanes.word(m, at);
    int high = Lanes.word(m, at + 8) & 0x0f0f0f0f | a >>> 2 & 0x30303030;
    return a & 0x3f3f3f3f | (long) high << 32;
  }

  /** The minima of eight runs, likewise. */
  private static long minima(byte[] m, int at) {
    int b = Lanes.word(m, at + 4);
    int high = Lanes.word(m, at + 8) >>> 4 & 0x0f0f0f0f | b >>> 2 & 0x30303030;
    return b & 0x3f3f3f3f | (long) high << 32;
  }
}
