package rwkv.engine.model;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/**
 * What an RWKV-4 computes on the way, {@code [batch, time, channels]} each; shared by its layers.
 *
 * @param x a token-shifted input
 * @param ffnK {@code [batch, time, channel mixing width]}
 * @param skipped share of its channels that are zero, {@code [batch, time, 1]}
 */
record Buffers4(
    Buffer delta, Buffer x, Buffer r, Buffer k, Buffer v, Buffer y, Buffer ffnK, Buffer skipped) {

  static Buffers4 of(Kernels kernels, int batch, int time, int channels, int ffnChannels) {
    return new Buffers4(
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, ffnChannels),
        kernels.buffer(batch, time, 1));
  }

  /** What channel mixing needs; it runs when time mixing is done with them. */
  ChannelBuffers channel() {
    return new ChannelBuffers(delta, x, r, ffnK, skipped);
  }
}
