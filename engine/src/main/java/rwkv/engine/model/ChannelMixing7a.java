package rwkv.engine.model;

import static rwkv.engine.backend.Activation.SQUARED_RELU;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Channel mixing of RWKV-7a: V (max(K x, 0)² ∘ gate) of the token-shifted input x, where the
 * token's own matrix M stands inside a low-rank projection of the input z:
 *
 * <pre>
 *   gate = ((z s₁) M) s₂ + s₀,  M = the token's row of the deep embedding as a matrix
 * </pre>
 */
final class ChannelMixing7a {

  /** The tensors of one layer's channel mixing, named as in the checkpoint. */
  record Weights(
      Buffer xk,
      Matrix key,
      Matrix value,
      DeepEmbedding embedding,
      Matrix s1,
      Matrix s2,
      Buffer s0) {}

  /**
   * What it computes on the way, {@code [batch, time, …]} each.
   *
   * @param own the tokens' matrices
   * @param scratch of their shape
   * @param down z s₁
   * @param turned the same through the token's matrix
   * @param gate {@code [batch, time, channel mixing width]}
   */
  record Room(Buffer own, Buffer scratch, Buffer down, Buffer turned, Buffer gate) {}

  /** Channels of the buffers of a {@link Room}. */
  record Sizes(int own, int down, int turned, int gate) {
    Room room(Kernels k, int batch, int time) {
      return new Room(
          k.buffer(batch, time, own),
          k.buffer(batch, time, own),
          k.buffer(batch, time, down),
          k.buffer(batch, time, turned),
          k.buffer(batch, time, gate));
    }
  }

  private final Kernels k;
  private final int layer;
  private final Weights p;

  ChannelMixing7a(Kernels kernels, int layer, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.p = weights;
  }

  Sizes sizes() {
    return new Sizes(p.embedding.channels(), p.s1.out(), p.s2.in(), p.key.out());
  }

  void forward(
      Buffer out, Buffer z, Buffer shift, Reading reading, Buffers7 b, Room room, Trace trace) {
    trace.at(layer, Site.CHANNEL_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, shift);
    k.mix(b.ffnX(), z, b.delta(), p.xk);
    k.matmul(b.ffnK(), b.ffnX(), p.key);
    k.activate(b.ffnK(), b.ffnK(), SQUARED_RELU);
    trace.at(layer, Site.CHANNEL_MIX_ACTIVATION, b.ffnK());

    p.embedding.rows(room.own, room.scratch, reading.tokens(), reading.embedded());
    k.matmul(room.down, z, p.s1);
    k.project(room.turned, room.down, room.own);
    k.matmul(room.gate, room.turned, p.s2);
    k.add(room.gate, room.gate, p.s0);
    trace.at(layer, Site.EMBEDDING_GATE, room.gate);

    k.multiply(b.ffnK(), b.ffnK(), room.gate);
    if (trace.isOn()) {
      k.zeros(b.skipped(), b.ffnK());
      trace.at(layer, Site.SKIPPED, b.skipped());
    }
    k.matmul(out, b.ffnK(), p.value);
  }
}
