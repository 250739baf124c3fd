package rwkv.engine.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Tensors of every type, full of anything. */
final class RandomTensors {

  private RandomTensors() {}

  /** Numbers of ordinary size, some zeros; of quantised types whole blocks with small scales. */
  static Tensor ordinary(Random random, DType dtype, long... sizes) {
    Shape shape = Shape.of(sizes);
    byte[] bytes = bytes(random, dtype, shape);
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < shape.count() && dtype.isFloating() && !dtype.isQuantised(); i++) {
      double x = random.nextInt(7) == 0 ? 0 : 0.3 + random.nextGaussian();
      switch (dtype) {
        case F64 -> to.putDouble(i * 8, x);
        case F32 -> to.putFloat(i * 4, (float) x);
        case F16 -> to.putShort(i * 2, Float.floatToFloat16((float) x));
        default -> to.putShort(i * 2, (short) (Float.floatToRawIntBits((float) x) >>> 16));
      }
    }
    for (int at = 0; dtype.isQuantised() && at < bytes.length; at += dtype.blockBytes()) {
      int scale = dtype == DType.Q6_K ? 208 : 0;
      to.putShort(at + scale, Float.floatToFloat16(random.nextFloat()));
      if (dtype != DType.Q6_K) {
        to.putShort(at + 2, Float.floatToFloat16(random.nextFloat()));
      }
    }
    return new Tensor("ordinary", dtype, shape, MemorySegment.ofArray(bytes));
  }

  /** Any bits at all: NaN, infinities and enormous numbers among them. */
  static Tensor anyBits(Random random, DType dtype, long... sizes) {
    Shape shape = Shape.of(sizes);
    byte[] bytes = bytes(random, dtype, shape);
    return new Tensor("any bits", dtype, shape, MemorySegment.ofArray(bytes));
  }

  private static byte[] bytes(Random random, DType dtype, Shape shape) {
    byte[] bytes = new byte[(int) dtype.bytes(shape.count())];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The same numbers at an odd address outside the heap, as in a mapped file. */
  static Tensor unaligned(Tensor tensor, MemorySegment room) {
    MemorySegment place = room.asSlice(1, tensor.data().byteSize());
    MemorySegment.copy(
        tensor.data(), ValueLayout.JAVA_BYTE, 0, place, ValueLayout.JAVA_BYTE, 0, place.byteSize());
    return new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), place);
  }
}
