package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * A tensor that is to be written and need not exist before its turn, so that a model can be
 * converted tensor by tensor.
 *
 * @param name as it is to stand in the file
 * @param shape outermost dimension first
 * @param data called once, when the tensor is written; returns exactly {@link #bytes()} bytes,
 *     which are not needed any more when the next tensor's are asked for
 */
public record TensorSource(String name, DType dtype, Shape shape, Supplier<MemorySegment> data) {

  /**
   * @throws IllegalArgumentException if rows are not whole blocks of a quantised type
   */
  public TensorSource {
    if (TensorTable.innermost(shape.sizes()) % dtype.blockSize() != 0) {
      throw new IllegalArgumentException(
          "tensor " + name + " " + dtype + " " + shape + ": rows are not whole blocks");
    }
  }

  /** A tensor that exists already. */
  public static TensorSource of(Tensor tensor) {
    return new TensorSource(tensor.name(), tensor.dtype(), tensor.shape(), tensor::data);
  }

  /** How many bytes its numbers take. */
  public long bytes() {
    return dtype.bytes(shape.count());
  }

  /** As in {@code blocks.0.att.key.weight Q8_0 [128,128]}. */
  @Override
  public String toString() {
    return name + " " + dtype + " " + shape;
  }
}
