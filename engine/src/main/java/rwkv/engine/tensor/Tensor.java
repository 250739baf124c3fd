package rwkv.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A read-only view of numbers in memory: contiguous, row-major, little-endian. The memory belongs
 * to whoever made the tensor (a mapped checkpoint, usually) and dies with it. Of quantised types
 * the innermost dimension is a multiple of the block size, so rows are whole blocks.
 *
 * @param name as the checkpoint calls it
 * @param dtype how each number is stored
 * @param shape outermost dimension first
 * @param data exactly {@code dtype.bytes(shape.count())} bytes
 */
public record Tensor(String name, DType dtype, Shape shape, MemorySegment data) {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public Tensor {
    long innermost = shape.rank() == 0 ? 1 : shape.size(shape.rank() - 1);
    if (innermost % dtype.blockSize() != 0) {
      throw new IllegalArgumentException(
          "tensor " + name + " " + dtype + " " + shape + ": rows are not whole blocks");
    }
    long expected = dtype.bytes(shape.count());
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " "
              + dtype
              + " "
              + shape
              + " needs "
              + expected
              + " bytes, got "
              + data.byteSize());
    }
    data = data.asReadOnly();
  }

  /** A tensor of type F32 over a copy of {@code values}. */
  public static Tensor of(String name, Shape shape, float... values) {
    MemorySegment copy = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    MemorySegment.copy(values, 0, copy, FLOAT, 0, values.length);
    return new Tensor(name, DType.F32, shape, copy);
  }

  /** A tensor of type I32 over a copy of {@code values}, of shape {@code [values.length]}. */
  public static Tensor of(String name, int... values) {
    MemorySegment copy = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    MemorySegment.copy(values, 0, copy, INT, 0, values.length);
    return new Tensor(name, DType.I32, Shape.of(values.length), copy);
  }

  /** How many numbers it holds. */
  public long count() {
    return shape.count();
  }

  /** Number {@code index} in row-major order; exact, but for I64 beyond 2^53. */
  public double get(long index) {
    return switch (dtype) {
      case F64 -> data.get(DOUBLE, index * 8);
      case F32 -> data.get(FLOAT, index * 4);
      case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
      case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * 2) << 16);
      case I64 -> data.get(LONG, index * 8);
      case I32 -> data.get(INT, index * 4);
      case I16 -> data.get(SHORT, index * 2);
      case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
      case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
      default -> {
        float[] block = new float[dtype.blockSize()];
        Blocks.decode(dtype, data, index / block.length * dtype.blockBytes(), block, 0);
        yield block[(int) (index % block.length)];
      }
    };
  }

  /**
   * Copies numbers {@code from} to {@code from + count} in row-major order as floats (F64 and whole
   * numbers are rounded), far quicker for quantised types than one by one.
   *
   * @param from a multiple of the block size, as is {@code count}
   */
  public void read(long from, int count, float[] to, int start) {
    int size = dtype.blockSize();
    if (from % size != 0 || count % size != 0) {
      throw new IllegalArgumentException(
          count + " numbers from " + from + " are not whole blocks of " + dtype);
    }
    switch (dtype) {
      case F32 -> MemorySegment.copy(data, FLOAT, from * 4, to, start, count);
      case F16, BF16 -> readShorts(from, count, to, start);
      default -> {
        for (int i = 0; i < count; i += size) {
          if (size == 1) {
            to[start + i] = (float) get(from + i);
          } else {
            Blocks.decode(dtype, data, (from + i) / size * dtype.blockBytes(), to, start + i);
          }
        }
      }
    }
  }

  /** Plain loops over arrays, which are quick even before they are compiled. */
  private void readShorts(long from, int count, float[] to, int start) {
    short[] bits = new short[Math.min(count, 1024)];
    for (int done = 0; done < count; done += bits.length) {
      int n = Math.min(bits.length, count - done);
      MemorySegment.copy(data, SHORT, (from + done) * 2, bits, 0, n);
      int at = start + done;
      if (dtype == DType.F16) {
        for (int i = 0; i < n; i++) {
          to[at + i] = Float.float16ToFloat(bits[i]);
        }
      } else {
        for (int i = 0; i < n; i++) {
          to[at + i] = Float.intBitsToFloat(bits[i] << 16);
        }
      }
    }
  }

  /** Whether the scales of a quantised type's block are numbers, and so all that it holds. */
  public boolean isBlockFinite(long block) {
    return Blocks.isFinite(dtype, data, block * dtype.blockBytes());
  }

  /**
   * Some of its outermost slices over the same memory.
   *
   * @param from first slice
   * @param count how many
   */
  public Tensor slices(long from, long count) {
    long[] sizes = shape.sizes().stream().mapToLong(Long::longValue).toArray();
    long each = data.byteSize() / sizes[0];
    sizes[0] = count;
    return new Tensor(name, dtype, Shape.of(sizes), data.asSlice(from * each, count * each));
  }

  /**
   * All numbers as floats (F64 is rounded).
   *
   * @throws IllegalStateException if they do not fit a Java array
   */
  public float[] toFloats() {
    if (count() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "tensor " + name + " " + shape + " is too large to copy into one array");
    }
    float[] values = new float[(int) count()];
    read(0, values.length, values, 0);
    return values;
  }

  /** The same bytes under another shape of the same count. */
  public Tensor reshaped(Shape other) {
    return new Tensor(name, dtype, other, data);
  }

  /** The same numbers under another name. */
  public Tensor named(String other) {
    return new Tensor(other, dtype, shape, data);
  }

  /** As in {@code blocks.0.att.key.weight BF16 [128,128]}. */
  @Override
  public String toString() {
    return name + " " + dtype + " " + shape;
  }
}
