package rwkv.engine.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/**
 * What an RWKV-6 computes on the way, {@code [batch, time, channels]} each; shared by its layers.
 *
 * @param mu how much of the previous token is mixed in
 * @param x a token-shifted input
 * @param ffnK {@code [batch, time, channel mixing width]}
 * @param skipped share of its channels that are zero, {@code [batch, time, 1]}
 * @param mixHidden of the five mixing projections together, by width
 * @param hidden of a single low-rank projection, by rank
 */
record Buffers6(
    Buffer delta,
    Buffer mu,
    Buffer x,
    Buffer r,
    Buffer w,
    Buffer k,
    Buffer v,
    Buffer g,
    Buffer y,
    Buffer ffnK,
    Buffer skipped,
    Map<Integer, Buffer> mixHidden,
    Map<Integer, Buffer> hidden) {

  static Buffers6 of(
      Kernels kernels,
      int batch,
      int time,
      int channels,
      int ffnChannels,
      Set<Integer> mixWidths,
      Set<Integer> ranks) {
    return new Buffers6(
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, channels),
        kernels.buffer(batch, time, ffnChannels),
        kernels.buffer(batch, time, 1),
        byWidth(kernels, batch, time, mixWidths),
        byWidth(kernels, batch, time, ranks));
  }

  private static Map<Integer, Buffer> byWidth(
      Kernels kernels, int batch, int time, Set<Integer> widths) {
    Map<Integer, Buffer> made = new HashMap<>();
    for (int width : widths) {
      made.put(width, kernels.buffer(batch, time, width));
    }
    return made;
  }

  /** Room between the two halves of the five mixing projections together. */
  Buffer mixHidden(int width) {
    return Objects.requireNonNull(mixHidden.get(width));
  }

  /** Room between the two halves of one projection of that rank. */
  Buffer hidden(int rank) {
    return Objects.requireNonNull(hidden.get(rank));
  }

  /** What channel mixing needs; it runs when time mixing is done with them. */
  ChannelBuffers channel() {
    return new ChannelBuffers(delta, x, r, ffnK, skipped);
  }
}
