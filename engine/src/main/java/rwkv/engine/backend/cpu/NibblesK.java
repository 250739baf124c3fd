package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Blocks of 256 weights of four bits, with Q5_K a fifth: eight runs of 32 columns with a scale and
 * a minimum of six bits each. The bytes of 32 columns hold those of the next 32 in their upper
 * halves; fifth bits are those of one byte for eight columns, 32 apart.
 */
final class NibblesK {

  private static final int BLOCK = 256;
  private static final long BYTES = 144;
  private static final long BYTES_WITH_FIFTH = 176;
  private static final int STEP = 4 * COUNT;

  /** Whether 64 columns fill all chains twice. */
  private static final boolean TWICE = STEP == 32;

  private NibblesK() {}

  /**
   * Adds the products of a stretch; {@link KRows} tells the order of columns. Of the four (with
   * sixteen lanes, two) vectors of bytes that 64 columns have, the even and the odd ones are gone
   * through one after the other: all at once is more than the compiler takes.
   */
  static void add(
      MemorySegment m,
      long from,
      float[] x,
      int column,
      int count,
      float[] sums,
      int at,
      float[] room) {
    scales(m, from, count / BLOCK, BYTES, room);
    for (int side = 0; side < 2; side++) {
      FloatVector a = load(sums, at + side * COUNT);
      FloatVector b = load(sums, at + (2 + side) * COUNT);
      long o = from + 16 + side * COUNT;
      for (int i = 0; i < count / 64; i++) {
        int c = column + i * 64 + side * COUNT;
        FloatVector lowScale = FloatVector.broadcast(FLOATS, room[4 * i]);
        FloatVector lowZero = FloatVector.broadcast(FLOATS, room[4 * i + 2]);
        FloatVector highScale = FloatVector.broadcast(FLOATS, room[4 * i + 1]);
        FloatVector highZero = FloatVector.broadcast(FLOATS, room[4 * i + 3]);
        IntVector bytes = Lanes.bytes(m, o);
        a = low(bytes).fma(lowScale, lowZero).fma(load(x, c), a);
        b = high(bytes).fma(highScale, highZero).fma(load(x, c + 2 * COUNT), b);
        if (TWICE) {
          bytes = Lanes.bytes(m, o + 2 * COUNT);
          a = low(bytes).fma(lowScale, lowZero).fma(load(x, c + 4 * COUNT), a);
          b = high(bytes).fma(highScale, highZero).fma(load(x, c + 6 * COUNT), b);
        }
        o += (i & 3) == 3 ? 32 + BYTES - 128 : 32;
      }
      a.intoArray(sums, at + side * COUNT);
      b.intoArray(sums, at + (2 + side) * COUNT);
    }
  }

  static void unpack(MemorySegment m, long from, int count, float[] to, int start) {
    float[] scales = new float[count / BLOCK * 16];
    scales(m, from, count / BLOCK, BYTES, scales);
    for (int i = 0; i < count / STEP; i++) {
      int chunk = TWICE ? i >> 1 : i;
      int run = chunk * 4;
      long o = from + (chunk >> 2) * BYTES + 16 + (i * STEP & 255) / 2;
      int c = start + i * STEP;
      for (int side = 0; side < 2 * COUNT; side += COUNT) {
        IntVector bytes = Lanes.bytes(m, o + side);
        weights(bytes.and(15), scales, run).intoArray(to, c + side);
        weights(bytes.lanewise(VectorOperators.LSHR, 4), scales, run + 1)
            .intoArray(to, c + 2 * COUNT + side);
      }
    }
  }

  static void unpackFives(MemorySegment m, long from, int count, float[] to, int start) {
    float[] scales = new float[count / BLOCK * 16];
    scales(m, from, count / BLOCK, BYTES_WITH_FIFTH, scales);
    for (int i = 0; i < count / STEP; i++) {
      int chunk = TWICE ? i >> 1 : i;
      int shift = (chunk & 3) * 2;
      int run = chunk * 4;
      long block = from + (chunk >> 2) * BYTES_WITH_FIFTH;
      long o = block + 48 + (i * STEP & 255) / 2;
      long bits = block + 16 + (i * STEP & 63) / 2;
      int c = start + i * STEP;
      for (int side = 0; side < 2 * COUNT; side += COUNT) {
        IntVector bytes = Lanes.bytes(m, o + side);
        IntVector fifth =
            Lanes.bytes(m, bits + side)
                .lanewise(VectorOperators.LSHL, 4)
                .lanewise(VectorOperators.LSHR, shift);
        weights(bytes.and(15).or(fifth.and(16)), scales, run).intoArray(to, c + side);
        fifth = fifth.lanewise(VectorOperators.LSHR, 1).and(16);
        weights(bytes.lanewise(VectorOperators.LSHR, 4).or(fifth), scales, run + 1)
            .intoArray(to, c + 2 * COUNT + side);
      }
    }
  }

  private static FloatVector low(IntVector bytes) {
    return Lanes.floats(bytes.and(15));
  }

  private static FloatVector high(IntVector bytes) {
    return Lanes.floats(bytes.lanewise(VectorOperators.LSHR, 4));
  }

  private static FloatVector weights(IntVector codes, float[] scales, int run) {
    return Lanes.floats(codes)
        .fma(
            FloatVector.broadcast(FLOATS, scales[run]),
            FloatVector.broadcast(FLOATS, scales[2 + run]));
  }

  /** Of every 64 columns the scales of two runs, and what the code 0 stands for in each. */
  private static void scales(MemorySegment m, long from, int blocks, long bytes, float[] to) {
    for (int block = 0; block < blocks; block++) {
      long o = from + block * bytes;
      float d = Lanes.half(m, o);
      float min = -Lanes.half(m, o + 2);
      int a = Lanes.word(m, o + 4);
      int b = Lanes.word(m, o + 8);
      int c = Lanes.word(m, o + 12);
      four(a & 0x3f3f3f3f, d, to, block * 16);
      four(c & 0x0f0f0f0f | a >>> 2 & 0x30303030, d, to, block * 16 + 8);
      four(b & 0x3f3f3f3f, min, to, block * 16 + 2);
      four(c >>> 4 & 0x0f0f0f0f | b >>> 2 & 0x30303030, min, to, block * 16 + 10);
    }
  }

  private static void four(int bytes, float d, float[] to, int at) {
    to[at] = d * (bytes & 255);
    to[at + 1] = d * (bytes >>> 8 & 255);
    to[at + 4] = d * (bytes >>> 16 & 255);
    to[at + 5] = d * (bytes >>> 24);
  }
}
