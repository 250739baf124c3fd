package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import rwkv.engine.tensor.DType;

/**
 * Weights stored in blocks as f32, the same numbers that {@code Tensor.read} gives. Blocks are
 * first copied into an array: of the many small reads from one the compiler makes better code than
 * of those from native memory.
 */
final class Unpack {

  /** Whether vectors are of a width that blocks are taken apart with. */
  static final boolean VECTORS = COUNT == 4 || COUNT == 8 || COUNT == 16;

  private final CpuMatrix weights;
  private final DType dtype;
  private final byte[] bytes;

  /**
   * For the rows of one matrix, on one thread.
   *
   * @param columns that are unpacked at once, at most
   */
  Unpack(CpuMatrix weights, int columns) {
    this.weights = weights;
    this.dtype = weights.dtype();
    this.bytes = new byte[Math.ceilDiv(columns, dtype.blockSize()) * dtype.blockBytes()];
  }

  /**
   * Some columns of a row.
   *
   * @param from first column; it and {@code count} are multiples of the block size
   */
  void columns(int row, int from, int count, float[] to, int start) {
    long first = (long) row * weights.in() + from;
    if (!VECTORS || !dtype.isQuantised()) {
      weights.tensor().read(first, count, to, start);
      return;
    }
    int blocks = count / dtype.blockSize();
    MemorySegment.copy(
        weights.data(),
        ValueLayout.JAVA_BYTE,
        dtype.bytes(first),
        bytes,
        0,
        blocks * dtype.blockBytes());
    switch (dtype) {
      case Q8_0 -> bytes(bytes, blocks, to, start);
      case Q4_0 -> fours(bytes, blocks, to, start);
      case Q4_1 -> foursWithMinimum(bytes, blocks, to, start);
      case Q5_0 -> fives(bytes, blocks, false, to, start);
      case Q5_1 -> fives(bytes, blocks, true, to, start);
      case Q4_K -> UnpackK.fours(bytes, blocks, to, start);
      case Q5_K -> UnpackK.fives(bytes, blocks, to, start);
      case Q6_K -> UnpackK.sixes(bytes, blocks, to, start);
      default -> throw new IllegalArgumentException("blocks of " + dtype);
    }
  }

  private static void bytes(byte[] m, int blocks, float[] to, int start) {
    for (int b = 0; b < blocks; b++) {
      int at = b * 34;
      FloatVector scale = FloatVector.broadcast(FLOATS, Lanes.half(m, at));
      for (int i = 0; i < 32; i += COUNT) {
        Lanes.signedBytes(m, at + 2 + i).mul(scale).intoArray(to, start + b * 32 + i);
      }
    }
  }

  private static void fours(byte[] m, int blocks, float[] to, int start) {
    for (int b = 0; b < blocks; b++) {
      float s = Lanes.half(m, b * 18);
      fours(m, b * 18 + 2, s, -8 * s, to, start + b * 32);
    }
  }

  private static void foursWithMinimum(byte[] m, int blocks, float[] to, int start) {
    for (int b = 0; b < blocks; b++) {
      fours(m, b * 20 + 4, Lanes.half(m, b * 20), Lanes.half(m, b * 20 + 2), to, start + b * 32);
    }
  }

  private static void fours(byte[] m, int at, float s, float z, float[] to, int start) {
    FloatVector scale = FloatVector.broadcast(FLOATS, s);
    FloatVector zero = FloatVector.broadcast(FLOATS, z);
    for (int i = 0; i < 16; i += COUNT) {
      IntVector q = Lanes.bytes(m, at + i);
      FloatVector low = Lanes.floats(q.and(15));
      FloatVector high = Lanes.floats(q.lanewise(VectorOperators.LSHR, 4));
      low.fma(scale, zero).intoArray(to, start + i);
      high.fma(scale, zero).intoArray(to, start + 16 + i);
    }
  }

  private static void fives(byte[] m, int blocks, boolean minimum, float[] to, int start) {
    int head = minimum ? 4 : 2;
    for (int b = 0; b < blocks; b++) {
      int at = b * (20 + head);
      float s = Lanes.half(m, at);
      FloatVector scale = FloatVector.broadcast(FLOATS, s);
      FloatVector zero = FloatVector.broadcast(FLOATS, minimum ? Lanes.half(m, at + 2) : -16 * s);
      int fifth = Lanes.word(m, at + head);
      for (int i = 0; i < 16; i += COUNT) {
        IntVector q = Lanes.bytes(m, at + head + 4 + i);
        FloatVector low = Lanes.floats(q.and(15).or(fifth(fifth, i)));
        FloatVector high =
            Lanes.floats(q.lanewise(VectorOperators.LSHR, 4).or(fifth(fifth, i + 16)));
        low.fma(scale, zero).intoArray(to, start + b * 32 + i);
        high.fma(scale, zero).intoArray(to, start + b * 32 + 16 + i);
      }
    }
  }

  /** Of every lane the bit from {@code first} on, as 0 or 16. */
  private static IntVector fifth(int bits, int first) {
    return IntVector.broadcast(INTS, Integer.rotateLeft(bits, 4 - first))
        .lanewise(VectorOperators.LSHR, Lanes.INDEX)
        .and(16);
  }
}
