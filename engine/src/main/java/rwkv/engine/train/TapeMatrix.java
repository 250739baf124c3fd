package rwkv.engine.train;

import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;

/**
 * A parameter, or a part of one, as a weight {@code [out, in]}.
 *
 * @param offset its first number in the parameter
 * @param swapped whether the parameter holds it as {@code [in, out]}
 */
record TapeMatrix(Value weight, int offset, int out, int in, boolean swapped) implements Matrix {
  @Override
  public DType dtype() {
    return DType.F32;
  }
}
