package rwkv.engine.model;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * RWKV-8's ROSA ("rapid online suffix automaton"), one line per equation: queries, keys and values
 * are signs, and what is read at a token is the value that followed the longest earlier occurrence,
 * among the keys, of what the queries end with.
 */
final class RosaMixing {

  /** A product with a bias. */
  record Linear(Matrix weight, Buffer bias) {}

  /**
   * The tensors of one layer, named as in the checkpoint.
   *
   * @param channelsPerSymbol 1 or 4 neighbouring channels are matched as one symbol
   * @param e how much a bit weighs, per channel
   */
  record Weights(
      int channelsPerSymbol,
      Buffer xq,
      Buffer xk,
      Buffer xv,
      Linear query,
      Linear key,
      Linear value,
      Buffer e,
      Linear output) {}

  /** The parts of a layer's state that it steps, and what is remembered of them. */
  record Memory(Buffer shift, History queries, History keys, History values, Memo memo) {}

  /**
   * What it computes on the way, {@code [batch, time, …]} each.
   *
   * @param delta of the token shift
   * @param x a token-shifted input
   * @param y {@code [batch, time, channels of ROSA]}
   * @param bits {@code [batch, time, numbers for the bits of y]}
   * @param matched {@code [batch, time, symbols]}
   */
  record Room(Buffer delta, Buffer x, Buffer y, Buffer bits, Buffer matched) {}

  /** Channels of the buffers of a {@link Room}. */
  record Sizes(int channels, int rosa, int bits, int symbols) {
    Room room(Kernels k, int batch, int time) {
      return new Room(
          k.buffer(batch, time, channels),
          k.buffer(batch, time, channels),
          k.buffer(batch, time, rosa),
          k.buffer(batch, time, bits),
          k.buffer(batch, time, symbols));
    }
  }

  private static final int BITS_IN_A_NUMBER = 16;

  private final Kernels k;
  private final int layer;
  private final Weights p;

  RosaMixing(Kernels kernels, int layer, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.p = weights;
  }

  Sizes sizes() {
    int rosa = p.query.weight.out();
    int bits = (rosa - 1) / BITS_IN_A_NUMBER + 1;
    return new Sizes(p.query.weight.in(), rosa, bits, rosa / p.channelsPerSymbol);
  }

  void forward(Buffer out, Buffer z, Memory memory, Room b, Trace trace) {
    trace.at(layer, Site.ROSA_INPUT, z);
    k.tokenShift(b.delta, z, memory.shift);
    signs(memory.queries, z, p.xq, p.query, b);
    signs(memory.keys, z, p.xk, p.key, b);
    signs(memory.values, z, p.xv, p.value, b);

    float unmatched = p.channelsPerSymbol == 1 ? -1 : 0;
    k.rosa(b.y, b.matched, memory.queries, memory.keys, memory.values, memory.memo, unmatched);
    trace.at(layer, Site.ROSA_MATCH, b.matched);
    trace.at(layer, Site.ROSA_SIGNS, b.y);

    k.multiply(b.y, b.y, p.e);
    linear(out, b.y, p.output);
  }

  private void signs(History history, Buffer z, Buffer mu, Linear linear, Room b) {
    k.mix(b.x, z, b.delta, mu);
    linear(b.y, b.x, linear);
    k.packSigns(b.bits, b.y);
    history.append(b.bits);
  }

  private void linear(Buffer out, Buffer x, Linear linear) {
    k.matmul(out, x, linear.weight);
    k.add(out, out, linear.bias);
  }
}
