package rwkv.engine.model;

import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Shape;

/** The tensors of DeepEmbed, named as in official checkpoints; all sizes come from the tensors. */
record DeepTensors(Weights weights, Kernels kernels, Outline outline) {

  /** A table and what completes it, as in {@code s_emb.weight} and {@code s_emb_x.weight}. */
  DeepEmbedding embedding(String prefix, int channels) {
    return new DeepEmbedding(
        kernels,
        weights.table(prefix + ".weight", outline.vocabulary(), channels),
        weights.matrix(prefix + "_x.weight", channels, outline.channels()));
  }

  /** Channel mixing of a layer of RWKV-7a and RWKV-7b. */
  ChannelMixing7a channelMixing(int layer, int ffnChannels) {
    int channels = outline.channels();
    String ffn = "blocks." + layer + ".ffn.";
    int down = weights.columns(ffn + "s1");
    int up = weights.rows(ffn + "s2");
    Shape table = weights.shape(ffn + "s_emb.weight", 2);
    if (table.size(1) != (long) down * up) {
      throw weights.problem(
          "tensor %ss_emb.weight has shape %s, expected [%d,%d]: a matrix of %d x %d for every"
              + " token",
          ffn, table, outline.vocabulary(), (long) down * up, down, up);
    }
    return new ChannelMixing7a(
        kernels,
        layer,
        new ChannelMixing7a.Weights(
            weights.vector(ffn + "x_k", channels),
            weights.matrix(ffn + "key.weight", ffnChannels, channels),
            weights.columns(ffn + "value.weight", channels, ffnChannels),
            embedding(ffn + "s_emb", down * up),
            weights.transposed(ffn + "s1", channels, down),
            weights.transposed(ffn + "s2", up, ffnChannels),
            weights.vector(ffn + "s0", ffnChannels)));
  }

  /** The attention of a layer of RWKV-7b. */
  Attention7b attention(int layer, Embedding embedding) {
    int channels = outline.channels();
    String qkv = "blocks." + layer + ".qkv.";
    int keys = weights.rows(qkv + "qq.weight");
    int keyRank = weights.columns(qkv + "k1");
    int valueRank = weights.columns(qkv + "v1");
    return new Attention7b(
        kernels,
        layer,
        embedding,
        new Attention7b.Weights(
            weights.matrix(qkv + "qq.weight", keys, channels),
            weights.transposed(qkv + "k1", channels, keyRank),
            weights.transposed(qkv + "k2", keyRank, keys),
            weights.transposed(qkv + "v1", channels, valueRank),
            weights.transposed(qkv + "v2", valueRank, channels),
            embedding(qkv + "k_emb", keys),
            embedding(qkv + "v_emb", channels),
            weights.vector(qkv + "x_q", keys),
            weights.vector(qkv + "x_k", keys),
            weights.vector(qkv + "x_v", channels),
            weights.normalisation(qkv + "lnq", keys),
            weights.normalisation(qkv + "lnk", keys),
            weights.normalisation(qkv + "lnv", channels)));
  }
}
