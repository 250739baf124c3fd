package rwkv.engine.model;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/** The buffers of a pass that RWKV-7's mixings share, made again when its size changes. */
final class Room7 {

  private final Kernels kernels;
  private final int channels;
  private final int ffnChannels;
  private final Set<Integer> ranks;
  private @Nullable Buffers7 buffers;

  Room7(Kernels kernels, int channels, int ffnChannels, Stream<TimeMixing7> mixings) {
    this.kernels = kernels;
    this.channels = channels;
    this.ffnChannels = ffnChannels;
    this.ranks = mixings.flatMap(TimeMixing7::ranks).collect(Collectors.toSet());
  }

  /**
   * A pass begins.
   *
   * @param x what enters the first block
   * @return whether it is of another size than the one before
   */
  boolean begin(Buffer x) {
    Buffers7 old = buffers;
    if (old != null && old.x().batch() == x.batch() && old.x().time() == x.time()) {
      return false;
    }
    buffers = Buffers7.of(kernels, x.batch(), x.time(), channels, ffnChannels, ranks);
    return true;
  }

  Buffers7 buffers() {
    if (buffers == null) {
      throw new IllegalStateException("not begun");
    }
    return buffers;
  }

  /** Time mixing with its state at the places that {@link Tensors7} gives. */
  Branch time(int layer, TimeMixing7 mixing) {
    return (out, z, x, state, trace) ->
        mixing.forward(
            out,
            z,
            state.part(layer, Tensors7.ATT_X),
            state.part(layer, Tensors7.ATT_KV),
            buffers(),
            trace);
  }

  /**
   * Channel mixing.
   *
   * @param part where its token-shift state is
   */
  Branch channel(int layer, int part, ChannelMixing7 mixing) {
    return (out, z, x, state, trace) ->
        mixing.forward(out, z, state.part(layer, part), buffers(), trace);
  }
}
