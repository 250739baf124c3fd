package rwkv.engine.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/**
 * What an RWKV-7 computes on the way, {@code [batch, time, channels]} each; shared by its layers.
 *
 * @param x a token-shifted input
 * @param firstV the values of layer 0
 * @param gate of the value residual
 * @param ffnX token-shifted input of channel mixing
 * @param ffnK {@code [batch, time, channel mixing width]}
 * @param skipped share of its channels that are zero, {@code [batch, time, 1]}
 * @param hidden of the low-rank projections, by rank
 */
record Buffers7(
    Buffer delta,
    Buffer x,
    Buffer r,
    Buffer w,
    Buffer k,
    Buffer v,
    Buffer a,
    Buffer kk,
    Buffer g,
    Buffer y,
    Buffer firstV,
    Buffer gate,
    Buffer ffnX,
    Buffer ffnK,
    Buffer skipped,
    Map<Integer, Buffer> hidden) {

  static Buffers7 of(
      Kernels kernels, int batch, int time, int channels, int ffnChannels, Set<Integer> ranks) {
    Buffer[] wide = new Buffer[13];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = kernels.buffer(batch, time, channels);
    }
    Map<Integer, Buffer> hidden = new HashMap<>();
    for (int rank : ranks) {
      hidden.put(rank, kernels.buffer(batch, time, rank));
    }
    return new Buffers7(
        wide[0],
        wide[1],
        wide[2],
        wide[3],
        wide[4],
        wide[5],
        wide[6],
        wide[7],
        wide[8],
        wide[9],
        wide[10],
        wide[11],
        wide[12],
        kernels.buffer(batch, time, ffnChannels),
        kernels.buffer(batch, time, 1),
        hidden);
  }

  /** Room between the two halves of a projection of that rank. */
  Buffer hidden(int rank) {
    return Objects.requireNonNull(hidden.get(rank));
  }
}
