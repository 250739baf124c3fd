package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Checks that a model makes of the tensors it takes from a checkpoint. */
public final class Tensors {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long SIGN64 = 0x8000_0000_0000_0000L;
  private static final long SIGN32 = 0x8000_0000_8000_0000L;
  private static final long SIGN16 = 0x8000_8000_8000_8000L;

  private Tensors() {}

  /**
   * The tensor of that name.
   *
   * @throws CheckpointException if there is none
   */
  public static Tensor require(Checkpoint checkpoint, String name) {
    Tensor tensor = checkpoint.tensors().get(name);
    if (tensor == null) {
      throw problem(
          checkpoint,
          "tensor " + name + " is missing among " + checkpoint.tensors().size() + " tensors");
    }
    return tensor;
  }

  /**
   * The tensor of that name, of exactly that shape.
   *
   * @throws CheckpointException if there is none or its shape is another
   */
  public static Tensor require(Checkpoint checkpoint, String name, Shape expected) {
    Tensor tensor = require(checkpoint, name);
    if (!tensor.shape().equals(expected)) {
      throw wrongShape(checkpoint, tensor, expected);
    }
    return tensor;
  }

  /**
   * The tensor of that name, under the expected shape: dimensions of size one may stand in the file
   * where they are not expected, and the other way round, as {@code [1,1,C]} for {@code [C]}.
   *
   * @throws CheckpointException if there is none or its shape differs by more than that
   */
  public static Tensor requireSqueezed(Checkpoint checkpoint, String name, Shape expected) {
    Tensor tensor = require(checkpoint, name);
    if (!tensor.shape().squeezed().equals(expected.squeezed())) {
      throw wrongShape(checkpoint, tensor, expected);
    }
    return tensor.reshaped(expected);
  }

  /**
   * Refuses a tensor of whole numbers or truth values.
   *
   * @throws CheckpointException if its numbers are not floating point numbers
   */
  public static void requireFloating(Checkpoint checkpoint, Tensor tensor) {
    if (!tensor.dtype().isFloating()) {
      throw problem(
          checkpoint,
          "tensor %s should hold floating point numbers, found %s"
              .formatted(tensor.name(), tensor.dtype()));
    }
  }

  /**
   * Refuses a tensor with a NaN or an infinity. Reads all of it.
   *
   * @throws CheckpointException naming the first such number
   */
  public static void requireFinite(Checkpoint checkpoint, Tensor tensor) {
    OptionalLong found = findNonFinite(tensor);
    if (found.isPresent()) {
      long index = found.getAsLong();
      throw problem(
          checkpoint,
          "tensor %s should hold finite numbers, found %s at index %s"
              .formatted(tensor, tensor.get(index), index));
    }
  }

  /** The row-major index of the first NaN or infinity; none in whole numbers. */
  public static OptionalLong findNonFinite(Tensor tensor) {
    return switch (tensor.dtype()) {
      case F64 -> find(tensor, 0x7ff0_0000_0000_0000L, 0x0010_0000_0000_0000L, SIGN64);
      case F32 -> find(tensor, 0x7f80_0000_7f80_0000L, 0x0080_0000_0080_0000L, SIGN32);
      case F16 -> find(tensor, 0x7c00_7c00_7c00_7c00L, 0x0400_0400_0400_0400L, SIGN16);
      case BF16 -> find(tensor, 0x7f80_7f80_7f80_7f80L, 0x0080_0080_0080_0080L, SIGN16);
      case I64, I32, I16, I8, U8, BOOL -> OptionalLong.empty();
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> findInBlocks(tensor);
    };
  }

  private static OptionalLong findInBlocks(Tensor tensor) {
    int size = tensor.dtype().blockSize();
    for (long block = 0; block < tensor.count() / size; block++) {
      if (!tensor.isBlockFinite(block)) {
        return OptionalLong.of(block * size);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Looks at eight bytes at a time. A number is not finite when all bits of its exponent are set,
   * so when nothing is left of its exponent's complement; adding {@code sign - lowest} to that
   * complement carries into the sign bit exactly when something is left.
   *
   * @param exponent the exponent's bits, in every lane
   * @param lowest the lowest of them, in every lane
   * @param sign the highest bit of every lane
   */
  private static OptionalLong find(Tensor tensor, long exponent, long lowest, long sign) {
    MemorySegment data = tensor.data();
    int lanes = 8 / tensor.dtype().bytes();
    long carry = sign - lowest;
    long words = tensor.count() / lanes;
    for (long word = 0; word < words; word++) {
      long complement = ~data.get(LONG, word * 8) & exponent;
      if (((complement + carry) & sign) != sign) {
        return findOneByOne(tensor, word * lanes);
      }
    }
    return findOneByOne(tensor, words * lanes);
  }

  private static OptionalLong findOneByOne(Tensor tensor, long first) {
    for (long i = first; i < tensor.count(); i++) {
      if (!Double.isFinite(tensor.get(i))) {
        return OptionalLong.of(i);
      }
    }
    return OptionalLong.empty();
  }

  private static CheckpointException wrongShape(
      Checkpoint checkpoint, Tensor tensor, Shape expected) {
    return problem(
        checkpoint,
        "tensor %s should have the shape %s, found %s"
            .formatted(tensor.name(), expected, tensor.shape()));
  }

  private static CheckpointException problem(Checkpoint checkpoint, String problem) {
    return new CheckpointException(checkpoint.path(), problem);
  }
}
