package rwkv.engine.naming;

import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * A tensor of a file (or a slice of one) that stands for an official tensor.
 *
 * @param tensor as the file stores it, under the file's name
 * @param swapped whether its last two axes are swapped, as in {@code [rank, C]} for an official
 *     {@code [C, rank]}
 * @param form what was done to its numbers
 * @param halvings how often its numbers were halved, so that f16 residuals stay small
 */
public record Part(Tensor tensor, boolean swapped, Form form, int halvings) {

  /** A tensor that is stored as in official checkpoints. */
  public static Part official(Tensor tensor) {
    return new Part(tensor, false, Form.OFFICIAL, 0);
  }

  /** The same numbers under another shape of the same count. */
  public Part reshaped(Shape shape) {
    return new Part(tensor.reshaped(shape), swapped, form, halvings);
  }

  /** The shape that the official tensor would have, but for dimensions of size one. */
  public Shape shape() {
    Shape stored = tensor.shape();
    if (!swapped || stored.rank() < 2) {
      return stored;
    }
    long[] sizes = stored.sizes().stream().mapToLong(Long::longValue).toArray();
    long last = sizes[sizes.length - 1];
    sizes[sizes.length - 1] = sizes[sizes.length - 2];
    sizes[sizes.length - 2] = last;
    return Shape.of(sizes);
  }
}
