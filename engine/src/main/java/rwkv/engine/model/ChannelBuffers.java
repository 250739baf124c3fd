package rwkv.engine.model;

import rwkv.engine.backend.Buffer;

/**
 * What {@link ChannelMixing4} computes on the way, {@code [batch, time, channels]} each.
 *
 * @param x a token-shifted input
 * @param r receptance
 * @param k {@code [batch, time, channel mixing width]}
 */
record ChannelBuffers(Buffer delta, Buffer x, Buffer r, Buffer k) {}
