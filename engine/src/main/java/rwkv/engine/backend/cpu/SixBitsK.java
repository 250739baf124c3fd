package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Blocks of 256 weights of six bits: 128 bytes of low bits, 64 of high bits, sixteen scales for
 * sixteen columns each, and the scales' own scale. Of a half of 128 columns, low byte i belongs to
 * columns i and i + 64, low byte i + 32 to i + 32 and i + 96, and high byte i to all four.
 */
final class SixBitsK {

  private static final int BLOCK = 256;
  private static final long BYTES = 210;
  private static final int STEP = 4 * COUNT;

  private SixBitsK() {}

  /**
   * Adds the products of a stretch; {@link KRows} tells the order of columns. The low bytes' two
   * sides are gone through one after the other: both at once is more than the compiler takes.
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
    scales(m, from, count / BLOCK, room);
    for (int side = 0; side < 2; side++) {
      FloatVector a = load(sums, at + side * COUNT);
      FloatVector b = load(sums, at + (2 + side) * COUNT);
      long l = from + 32 * side;
      long h = from + 128;
      for (int i = 0; i < count / STEP; i++) {
        int c = column + i * STEP + side * COUNT;
        int s = 4 * i + 2 * side;
        IntVector low = Lanes.bytes(m, l);
        IntVector top = Lanes.bytes(m, h).lanewise(VectorOperators.LSHL, 4 - 2 * side);
        a = first(low, top).mul(room[s]).fma(load(x, c), a);
        b = second(low, top).mul(room[s + 1]).fma(load(x, c + 2 * COUNT), b);
        l += next(i, COUNT, COUNT + 32, COUNT + BYTES - 96);
        h += next(i, COUNT, COUNT, COUNT + BYTES - 64);
      }
      a.intoArray(sums, at + side * COUNT);
      b.intoArray(sums, at + (2 + side) * COUNT);
    }
  }

  static void unpack(MemorySegment m, long from, int count, float[] to, int start) {
    float[] scales = new float[count / STEP * 4];
    scales(m, from, count / BLOCK, scales);
    for (int side = 0; side < 2; side++) {
      long l = from + 32 * side;
      long h = from + 128;
      for (int i = 0; i < count / STEP; i++) {
        int c = start + i * STEP + side * COUNT;
        int s = 4 * i + 2 * side;
        IntVector low = Lanes.bytes(m, l);
        IntVector top = Lanes.bytes(m, h).lanewise(VectorOperators.LSHL, 4 - 2 * side);
        first(low, top).mul(scales[s]).intoArray(to, c);
        second(low, top).mul(scales[s + 1]).intoArray(to, c + 2 * COUNT);
        l += next(i, COUNT, COUNT + 32, COUNT + BYTES - 96);
        h += next(i, COUNT, COUNT, COUNT + BYTES - 64);
      }
    }
  }

  /**
   * How far it is to the next step: in the same half of a block, the other half, the next block.
   */
  private static long next(int step, long near, long half, long block) {
    int within = (step + 1) * COUNT & 63;
    return within == 0 ? block : within == 32 ? half : near;
  }

  /** Of every step four scales: of its first and third columns, its second and fourth. */
  private static void scales(MemorySegment m, long from, int blocks, float[] to) {
    for (int i = 0; i < blocks * BLOCK / STEP; i++) {
      long block = from + (i * COUNT >> 6) * BYTES;
      int within = i * COUNT & 63;
      long o = block + 192 + (within >> 5) * 8 + ((within & 31) >> 4);
      float d = Lanes.half(m, block + 208);
      to[4 * i] = d * m.get(ValueLayout.JAVA_BYTE, o);
      to[4 * i + 1] = d * m.get(ValueLayout.JAVA_BYTE, o + 4);
      to[4 * i + 2] = d * m.get(ValueLayout.JAVA_BYTE, o + 2);
      to[4 * i + 3] = d * m.get(ValueLayout.JAVA_BYTE, o + 6);
    }
  }

  /** The high bits of the first two columns are moved to where they belong, of the others on. */
  private static FloatVector first(IntVector low, IntVector top) {
    return Lanes.floats(low.and(15).or(top.and(0x30)).sub(32));
  }

  private static FloatVector second(IntVector low, IntVector top) {
    IntVector bits = top.lanewise(VectorOperators.LSHR, 4).and(0x30);
    return Lanes.floats(low.lanewise(VectorOperators.LSHR, 4).or(bits).sub(32));
  }
}
