package rwkv.engine.model;

import rwkv.engine.backend.Buffer;

/**
 * What {@link ChannelMixing4} computes on the way, {@code [batch, time, channels]} each.
 *
 * @param x a token-shifted input
 * @param r receptance
 * @param k {@code [batch, time, channel mixing width]}
 * @param skipped share of its channels that are zero, {@code [batch, time, 1]}
 */
record ChannelBuffers(Buffer delta, Buffer x, Buffer r, Buffer k, Buffer skipped) {}
