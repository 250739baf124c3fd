package rwkv.engine.convert;

import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * A tensor of the file that is to be written.
 *
 * @param name as the new file calls it
 * @param source as the old file calls it, for messages
 * @param numbers as many as the shape has
 */
record TargetTensor(String name, String source, DType dtype, Shape shape, Numbers numbers) {

  /** How many bytes its numbers take. */
  long bytes() {
    return dtype.bytes(shape.count());
  }

  /** Whether the old file's bytes are those of the new. */
  boolean isCopy() {
    return numbers.stored().filter(tensor -> tensor.dtype() == dtype).isPresent();
  }
}
