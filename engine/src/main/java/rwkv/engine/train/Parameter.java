package rwkv.engine.train;

import rwkv.engine.backend.Buffer;
import rwkv.engine.tensor.Shape;

/**
 * A tensor that is trained, or frozen.
 *
 * @param name of the official checkpoint's tensor
 * @param shape as official checkpoints have it
 * @param values its numbers in row-major order, one row
 * @param gradient ∂L/∂values, added up by every backward pass until the optimiser clears it
 * @param frozen whether it stays as it is; then it gets no gradient
 */
public record Parameter(String name, Shape shape, Buffer values, Buffer gradient, boolean frozen) {

  /** How many numbers. */
  public int count() {
    return values.length();
  }

  Parameter freeze() {
    return new Parameter(name, shape, values, gradient, true);
  }
}
