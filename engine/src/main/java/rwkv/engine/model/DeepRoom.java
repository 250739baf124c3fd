package rwkv.engine.model;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/** What a pass with DeepEmbed reads, and the buffers for it beside those of {@link Room7}. */
final class DeepRoom {

  private final Kernels kernels;
  private final Room7 seven;
  private final Map<ChannelMixing7a.Sizes, ChannelMixing7a.Room> channelRooms = new HashMap<>();
  private final Map<Attention7b.Sizes, Attention7b.Room> attentionRooms = new HashMap<>();
  private @Nullable Reading reading;

  DeepRoom(Kernels kernels, Room7 seven) {
    this.kernels = kernels;
    this.seven = seven;
  }

  /** A pass begins. The embeddings are copied: the pass changes them. */
  void begin(int[] tokens, Buffer x) {
    Reading old = reading;
    Buffer embedded;
    if (seven.begin(x) || old == null) {
      channelRooms.clear();
      attentionRooms.clear();
      embedded = kernels.buffer(x.batch(), x.time(), x.channels());
    } else {
      embedded = old.embedded();
    }
    kernels.copy(embedded, x);
    reading = new Reading(tokens, embedded);
  }

  Reading reading() {
    if (reading == null) {
      throw new IllegalStateException("not begun");
    }
    return reading;
  }

  Branch channel(int layer, ChannelMixing7a mixing) {
    return (out, z, x, state, trace) -> {
      ChannelMixing7a.Room room =
          channelRooms.computeIfAbsent(
              mixing.sizes(), sizes -> sizes.room(kernels, z.batch(), z.time()));
      Buffer shift = state.part(layer, Tensors7.FFN_X);
      mixing.forward(out, z, shift, reading(), seven.buffers(), room, trace);
    };
  }

  Attention7b.Room attention(Attention7b attention) {
    Reading now = reading();
    return attentionRooms.computeIfAbsent(
        attention.sizes(), sizes -> sizes.room(kernels, now.batch(), now.time()));
  }
}
