package rwkv.engine.checkpoint;

import java.util.OptionalLong;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Checks that a model makes of the tensors it takes from a checkpoint. */
public final class Tensors {

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
    return NonFinite.find(tensor);
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
