package rwkv.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes blocks of 32 numbers with one scale, and for some types one minimum. */
final class BlockEncoder {

  private static final int SIZE = 32;

  private final DType dtype;
  private final RunFit fit = new RunFit(SIZE, true);
  private final int[] quants = new int[SIZE];

  BlockEncoder(DType dtype) {
    this.dtype = dtype;
  }

  void encode(float[] x, int from, int count, MemorySegment to, long at) {
    long next = at;
    for (int i = from; i < from + count; i += SIZE) {
      Quantiser.checkFinite(dtype, x, i);
      switch (dtype) {
        case Q8_0 -> bytes(x, i, to, next);
        case Q4_0 -> symmetric(x, i, 8, to, next);
        case Q5_0 -> symmetric(x, i, 16, to, next);
        case Q4_1 -> affine(x, i, 15, to, next);
        case Q5_1 -> affine(x, i, 31, to, next);
        default -> throw new IllegalArgumentException(dtype + " has no blocks of 32 numbers");
      }
      next += dtype.blockBytes();
    }
  }

  private void bytes(float[] x, int from, MemorySegment to, long at) {
    float largest = 0;
    for (int i = from; i < from + SIZE; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    float scale = RunFit.nearestHalf(largest / 127);
    if (scale * 127.5f < largest) {
      // Among the smallest scales the next one may be a good deal larger.
      scale = Float.float16ToFloat((short) (Float.floatToFloat16(scale) + 1));
    }
    Quantiser.setHalf(to, at, scale, dtype, from);
    float inverse = RunFit.inverse(scale);
    for (int i = 0; i < SIZE; i++) {
      int q = Math.clamp(Math.round(x[from + i] * inverse), -127, 127);
      to.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) q);
    }
  }

  private void symmetric(float[] x, int from, int middle, MemorySegment to, long at) {
    fit.symmetric(x, from, middle);
    Quantiser.setHalf(to, at, fit.scale(), dtype, from);
    quantise(x, from, 2 * middle - 1);
    pack(to, at + 2);
  }

  private void affine(float[] x, int from, int top, MemorySegment to, long at) {
    fit.affine(x, from, top, true);
    Quantiser.setHalf(to, at, fit.scale(), dtype, from);
    Quantiser.setHalf(to, at + 2, fit.offset(), dtype, from);
    quantise(x, from, top);
    pack(to, at + 4);
  }

  private void quantise(float[] x, int from, int top) {
    float inverse = RunFit.inverse(fit.scale());
    for (int i = 0; i < SIZE; i++) {
      quants[i] = RunFit.integer((x[from + i] - fit.offset()) * inverse, top);
    }
  }

  /** The fifth bits in one word, where there are any, then two numbers to a byte. */
  private void pack(MemorySegment to, long at) {
    boolean five = dtype == DType.Q5_0 || dtype == DType.Q5_1;
    if (five) {
      int fifth = 0;
      for (int i = 0; i < SIZE; i++) {
        fifth |= (quants[i] >> 4) << i;
      }
      to.set(Quantiser.INT, at, fifth);
    }
    long nibbles = five ? at + 4 : at;
    for (int i = 0; i < SIZE / 2; i++) {
      int pair = quants[i] & 15 | (quants[i + SIZE / 2] & 15) << 4;
      to.set(ValueLayout.JAVA_BYTE, nibbles + i, (byte) pair);
    }
  }
}
