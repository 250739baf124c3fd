package rwkv.engine.model;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;

/**
 * DeepEmbed: a layer's own embedding, E = table[token] + residual LN₀(emb[token]). One row of the
 * table is read for a token; the table stays as it is stored.
 *
 * @param table {@code [vocabulary, channels]}
 * @param residual {@code [channels, channels of the model]}
 */
record DeepEmbedding(Kernels kernels, Matrix table, Matrix residual) {

  int channels() {
    return table.in();
  }

  /**
   * out ← E of every token.
   *
   * @param scratch of the shape of {@code out}
   * @param tokens {@code [batch, time]}, row-major
   * @param embedded LN₀(emb[token]) of the same tokens
   */
  void rows(Buffer out, Buffer scratch, int[] tokens, Buffer embedded) {
    kernels.embed(out, table, tokens);
    kernels.matmul(scratch, embedded, residual);
    kernels.add(out, out, scratch);
  }
}
