package rwkv.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the blocks of quantised types say, as ggml defines them. Scales and minima are f16, bits are
 * packed from the lowest on. Everything is computed in f32, as {@code scale · integer − minimum}.
 */
final class Blocks {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Blocks() {}

  /**
   * The numbers of one block.
   *
   * @param at its first byte
   * @param to takes {@code dtype.blockSize()} numbers from {@code start} on
   */
  static void decode(DType dtype, MemorySegment data, long at, float[] to, int start) {
    switch (dtype) {
      case Q8_0 -> decodeQ8(data, at, to, start);
      case Q4_0 -> decode4(data, at + 2, half(data, at), -8 * half(data, at), to, start);
      case Q4_1 -> decode4(data, at + 4, half(data, at), half(data, at + 2), to, start);
      case Q5_0 -> decode5(data, at + 2, half(data, at), -16 * half(data, at), to, start);
      case Q5_1 -> decode5(data, at + 4, half(data, at), half(data, at + 2), to, start);
      case Q4_K -> decodeQ4K(data, at, to, start);
      case Q5_K -> decodeQ5K(data, at, to, start);
      case Q6_K -> decodeQ6K(data, at, to, start);
      default -> throw new IllegalArgumentException(dtype + " is not stored in blocks");
    }
  }

  /** Whether the scales of a block are numbers; then all that it stands for are. */
  static boolean isFinite(DType dtype, MemorySegment data, long at) {
    return switch (dtype) {
      case Q8_0, Q4_0, Q5_0 -> Float.isFinite(half(data, at));
      case Q4_1, Q5_1, Q4_K, Q5_K ->
          Float.isFinite(half(data, at)) && Float.isFinite(half(data, at + 2));
      case Q6_K -> Float.isFinite(half(data, at + 208));
      default -> throw new IllegalArgumentException(dtype + " is not stored in blocks");
    };
  }

  private static void decodeQ8(MemorySegment data, long at, float[] to, int start) {
    float d = half(data, at);
    for (int i = 0; i < 32; i++) {
      to[start + i] = d * data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
    }
  }

  private static void decode4(
      MemorySegment data, long at, float scale, float zero, float[] to, int start) {
    for (int i = 0; i < 16; i++) {
      int pair = byteAt(data, at + i);
      to[start + i] = scale * (pair & 15) + zero;
      to[start + i + 16] = scale * (pair >> 4) + zero;
    }
  }

  private static void decode5(
      MemorySegment data, long at, float scale, float zero, float[] to, int start) {
    int high = data.get(INT, at);
    for (int i = 0; i < 16; i++) {
      int pair = byteAt(data, at + 4 + i);
      to[start + i] = scale * (pair & 15 | (high >>> i & 1) << 4) + zero;
      to[start + i + 16] = scale * (pair >> 4 | (high >>> i + 16 & 1) << 4) + zero;
    }
  }

  private static void decodeQ4K(MemorySegment data, long at, float[] to, int start) {
    float d = half(data, at);
    float min = half(data, at + 2);
    for (int run = 0; run < 8; run++) {
      float scale = d * runScale(data, at + 4, run);
      float zero = min * runMinimum(data, at + 4, run);
      long quants = at + 16 + run / 2 * 32;
      for (int i = 0; i < 32; i++) {
        int q = byteAt(data, quants + i) >> run % 2 * 4 & 15;
        to[start + run * 32 + i] = scale * q - zero;
      }
    }
  }

  private static void decodeQ5K(MemorySegment data, long at, float[] to, int start) {
    float d = half(data, at);
    float min = half(data, at + 2);
    for (int run = 0; run < 8; run++) {
      float scale = d * runScale(data, at + 4, run);
      float zero = min * runMinimum(data, at + 4, run);
      long quants = at + 48 + run / 2 * 32;
      for (int i = 0; i < 32; i++) {
        int low = byteAt(data, quants + i) >> run % 2 * 4 & 15;
        int high = byteAt(data, at + 16 + i) >> run & 1;
        to[start + run * 32 + i] = scale * (low | high << 4) - zero;
      }
    }
  }

  /** Six bits of scale: for the first four runs in one byte, for the others in two pieces. */
  private static int runScale(MemorySegment data, long at, int run) {
    return run < 4
        ? byteAt(data, at + run) & 63
        : byteAt(data, at + run + 4) & 15 | byteAt(data, at + run - 4) >> 6 << 4;
  }

  private static int runMinimum(MemorySegment data, long at, int run) {
    return run < 4
        ? byteAt(data, at + run + 4) & 63
        : byteAt(data, at + run + 4) >> 4 | byteAt(data, at + run) >> 6 << 4;
  }

  private static void decodeQ6K(MemorySegment data, long at, float[] to, int start) {
    float d = half(data, at + 208);
    for (int i = 0; i < 256; i++) {
      int within = i % 128;
      long low = at + i / 128 * 64 + within % 64;
      long high = at + 128 + i / 128 * 32 + within % 32;
      int q =
          byteAt(data, low) >> within / 64 * 4 & 15
              | (byteAt(data, high) >> within / 32 * 2 & 3) << 4;
      byte scale = data.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
      to[start + i] = d * scale * (q - 32);
    }
  }

  private static int byteAt(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  private static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(SHORT, at));
  }
}
