package rwkv.engine.model;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.trace.Trace;

/** The mixings of every layer of an RWKV-7, and the buffers that they share. */
final class Mixings7 implements Mixings {

  static final int ATT_X = 0;
  static final int ATT_KV = 1;
  static final int FFN_X = 2;

  private final Kernels kernels;
  private final List<TimeMixing7> time;
  private final List<ChannelMixing7> channel;
  private final int channels;
  private final int ffnChannels;
  private final Set<Integer> ranks;
  private @Nullable Buffers7 buffers;

  Mixings7(
      Kernels kernels,
      List<TimeMixing7> time,
      List<ChannelMixing7> channel,
      int channels,
      int ffnChannels) {
    this.kernels = kernels;
    this.time = time;
    this.channel = channel;
    this.channels = channels;
    this.ffnChannels = ffnChannels;
    this.ranks = time.stream().flatMap(TimeMixing7::ranks).collect(Collectors.toSet());
  }

  @Override
  public void prepare(int batch, int steps) {
    Buffers7 old = buffers;
    if (old == null || old.x().batch() != batch || old.x().time() != steps) {
      buffers = Buffers7.of(kernels, batch, steps, channels, ffnChannels, ranks);
    }
  }

  @Override
  public void time(Buffer out, Buffer z, int layer, State state, Trace trace) {
    Buffer shift = state.part(layer, ATT_X);
    time.get(layer).forward(out, z, shift, state.part(layer, ATT_KV), buffers(), trace);
  }

  @Override
  public void channel(Buffer out, Buffer z, int layer, State state, Trace trace) {
    channel.get(layer).forward(out, z, state.part(layer, FFN_X), buffers(), trace);
  }

  private Buffers7 buffers() {
    if (buffers == null) {
      throw new IllegalStateException("not prepared");
    }
    return buffers;
  }
}
