package rwkv.engine.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import rwkv.engine.tensor.Tensor;

/**
 * Reads the numbers of a tensor as doubles, a chunk at a time and far quicker than one by one. Not
 * for two threads.
 */
final class NumberReader {

  /** Most numbers of a chunk: a multiple of every block size, and small enough for a near cache. */
  static final int CHUNK = 2048;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Tensor tensor;
  private final short[] shorts = new short[CHUNK];
  private final float[] floats = new float[CHUNK];

  NumberReader(Tensor tensor) {
    this.tensor = tensor;
  }

  /**
   * Copies numbers {@code from} to {@code from + count} in row-major order. Exact, but for I64
   * beyond 2^53.
   *
   * @param from a multiple of the block size, as is {@code count}
   * @param count at most {@link #CHUNK}
   */
  void read(long from, int count, double[] to) {
    MemorySegment data = tensor.data();
    switch (tensor.dtype()) {
      case F64 -> MemorySegment.copy(data, DOUBLE, from * 8, to, 0, count);
      case F32 -> {
        MemorySegment.copy(data, FLOAT, from * 4, floats, 0, count);
        widen(count, to);
      }
      case F16 -> {
        MemorySegment.copy(data, SHORT, from * 2, shorts, 0, count);
        for (int i = 0; i < count; i++) {
          to[i] = Float.float16ToFloat(shorts[i]);
        }
      }
      case BF16 -> {
        MemorySegment.copy(data, SHORT, from * 2, shorts, 0, count);
        for (int i = 0; i < count; i++) {
          to[i] = Float.intBitsToFloat(shorts[i] << 16);
        }
      }
      case I64, I32, I16, I8, U8, BOOL -> {
        for (int i = 0; i < count; i++) {
          to[i] = tensor.get(from + i);
        }
      }
      default -> {
        tensor.read(from, count, floats, 0);
        widen(count, to);
      }
    }
  }

  private void widen(int count, double[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = floats[i];
    }
  }
}
