package rwkv.engine.model;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;

/**
 * What the first block is given of a token: LN₀(emb[token]).
 *
 * @param first LN₀, or null for models without
 */
record Embedding(Kernels kernels, Matrix table, Rwkv.@Nullable Normalisation first) {

  /**
   * @param out {@code [batch, time, channels]}
   * @param tokens {@code [batch, time]}, row-major
   */
  void rows(Buffer out, int[] tokens) {
    kernels.embed(out, table, tokens);
    if (first != null) {
      kernels.layerNorm(out, out, first.weight(), first.bias(), Rwkv.EPS);
    }
  }
}
