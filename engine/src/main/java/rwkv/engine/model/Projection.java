package rwkv.engine.model;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;

/**
 * A weight matrix on the way back to the residual. Some files hold it halved a few times, so that
 * residuals stay small enough for f16.
 *
 * @param scale the power of two that undoes that in every channel, one row; null where nothing is
 *     to be undone
 */
record Projection(Matrix weight, @Nullable Buffer scale) {

  /** out ← scale ∘ x Wᵀ; as exact as with the matrix that was not halved. */
  void forward(Kernels k, Buffer out, Buffer x) {
    k.matmul(out, x, weight);
    if (scale != null) {
      k.multiply(out, out, scale);
    }
  }
}
