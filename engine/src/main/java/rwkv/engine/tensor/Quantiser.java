package rwkv.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Stores numbers as a floating type, the other way round of {@link Tensor#read}.
 *
 * <p>Sixteen-bit types round to the nearest, to even in the middle. Quantised types search for each
 * block's scales and minima: what is stored lies as near to the numbers, by mean square, as a few
 * least-squares fits find, and those of 256 numbers give larger numbers more weight. Numbers that a
 * block holds exactly stay as they are.
 */
public final class Quantiser {

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Quantiser() {}

  /**
   * Stores {@code count} numbers from {@code x[from]} on.
   *
   * @param dtype a floating type
   * @param count a multiple of its block size
   * @param at where in {@code to} the first block goes; {@code dtype.bytes(count)} are written
   * @throws IllegalArgumentException if the type cannot hold the numbers: a finite number becomes
   *     infinite, or a quantised type's number is not finite. The message says which, but not of
   *     what tensor; part of the bytes are written then
   */
  public static void encode(
      DType dtype, float[] x, int from, int count, MemorySegment to, long at) {
    if (!dtype.isFloating() || count % dtype.blockSize() != 0) {
      throw new IllegalArgumentException(count + " numbers cannot be stored as " + dtype);
    }
    switch (dtype) {
      case F64 -> {
        for (int i = 0; i < count; i++) {
          to.set(DOUBLE, at + i * 8L, x[from + i]);
        }
      }
      case F32 -> MemorySegment.copy(x, from, to, FLOAT, at, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          short half = Float.floatToFloat16(x[from + i]);
          check(dtype, x[from + i], Float.float16ToFloat(half), from + i);
          to.set(SHORT, at + i * 2L, half);
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          short upper = Bf16.bits(x[from + i]);
          check(dtype, x[from + i], Float.intBitsToFloat(upper << 16), from + i);
          to.set(SHORT, at + i * 2L, upper);
        }
      }
      case Q4_K, Q5_K, Q6_K -> new SuperBlockEncoder(dtype).encode(x, from, count, to, at);
      default -> new BlockEncoder(dtype).encode(x, from, count, to, at);
    }
  }

  private static void check(DType dtype, float x, float stored, int index) {
    if (Float.isInfinite(stored) && !Float.isInfinite(x)) {
      throw new IllegalArgumentException(
          "number " + index + " is " + x + ", which " + dtype + " cannot hold");
    }
  }

  /** Refuses a block with numbers that are not finite, which no scale can stand for. */
  static void checkFinite(DType dtype, float[] x, int from) {
    for (int i = from; i < from + dtype.blockSize(); i++) {
      if (!Float.isFinite(x[i])) {
        throw new IllegalArgumentException(
            "number " + i + " is " + x[i] + ", which " + dtype + " cannot hold");
      }
    }
  }

  /**
   * Stores a scale or minimum of a block as f16.
   *
   * @param from the block's first number, for the message
   */
  static void setHalf(MemorySegment to, long at, float value, DType dtype, int from) {
    if (!(Math.abs(value) < RunFit.F16_END)) {
      throw new IllegalArgumentException(
          "the numbers from "
              + from
              + " on are too large for "
              + dtype
              + ": their scale "
              + value
              + " is beyond 65504");
    }
    to.set(SHORT, at, Float.floatToFloat16(value));
  }
}
