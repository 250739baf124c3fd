package rwkv.engine.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import rwkv.engine.tensor.DType;

/** Blocks of quantised types in which every bit is random, but for the scales. */
public final class RandomBlocks {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RandomBlocks() {}

  /**
   * Fills {@code data} with blocks.
   *
   * @param size what numbers should about be as large as, at most
   */
  public static void fill(MemorySegment data, DType dtype, double size, Random random) {
    byte[] bytes = new byte[(int) data.byteSize()];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    for (long at = 0; at < bytes.length; at += dtype.blockBytes()) {
      switch (dtype) {
        case Q8_0 -> scale(data, at, size / 128, random);
        case Q4_0 -> scale(data, at, size / 8, random);
        case Q5_0 -> scale(data, at, size / 16, random);
        case Q4_1 -> scales(data, at, size / 15, size, random);
        case Q5_1 -> scales(data, at, size / 31, size, random);
        case Q4_K -> scales(data, at, size / 15 / 63, size / 63, random);
        case Q5_K -> scales(data, at, size / 31 / 63, size / 63, random);
        case Q6_K -> scale(data, at + 208, size / 32 / 128, random);
        default -> throw new IllegalArgumentException(dtype.name());
      }
    }
  }

  private static void scales(
      MemorySegment data, long at, double scale, double minimum, Random random) {
    scale(data, at, scale, random);
    scale(data, at + 2, minimum, random);
  }

  private static void scale(MemorySegment data, long at, double size, Random random) {
    float value = (float) (size * (random.nextDouble() * 2 - 1));
    data.set(SHORT, at, Float.floatToFloat16(value));
  }
}
