package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/** The blocks of an RWKV-7b: RWKV-7a's with attention over the text beside time mixing. */
final class Layers7b implements Layers {

  /** Where a layer's state has what its attention needs, after the parts of RWKV-7. */
  static final int Q_PREV = 3;

  static final int K_CACHE = 4;
  static final int V_CACHE = 5;

  private final Kernels kernels;
  private final List<List<Residual>> blocks = new ArrayList<>();
  private final DeepRoom room;

  /** The parts of a block. */
  record Block(
      Rwkv.Normalisation ln1,
      TimeMixing7 time,
      Attention7b attention,
      Rwkv.Normalisation ln2,
      ChannelMixing7a channel) {}

  Layers7b(Kernels kernels, List<Block> blocks, int channels, int ffnChannels) {
    this.kernels = kernels;
    Room7 seven = new Room7(kernels, channels, ffnChannels, blocks.stream().map(Block::time));
    this.room = new DeepRoom(kernels, seven);
    for (int layer = 0; layer < blocks.size(); layer++) {
      Block block = blocks.get(layer);
      Branch time = seven.time(layer, block.time);
      this.blocks.add(
          List.of(
              new Residual(block.ln1, both(layer, time, block.attention), Site.MIX_OUTPUT),
              new Residual(
                  block.ln2, room.channel(layer, block.channel), Site.CHANNEL_MIX_OUTPUT)));
    }
  }

  /** Time mixing of the normalised residual and attention of the residual itself. */
  private Branch both(int layer, Branch time, Attention7b attention) {
    return (out, z, x, state, trace) -> {
      time.forward(out, z, x, state, trace);
      trace.at(layer, Site.TIME_MIX_OUTPUT, out);
      kernels.add(out, out, attend(layer, attention, x, state, trace));
    };
  }

  private Buffer attend(int layer, Attention7b attention, Buffer x, State state, Trace trace) {
    Attention7b.Memory memory =
        new Attention7b.Memory(
            state.part(layer, Q_PREV),
            state.history(layer, K_CACHE),
            state.history(layer, V_CACHE));
    KeysAndValues made = (KeysAndValues) state.memo(layer, () -> attention.nothing(state.batch()));
    Attention7b.Room b = room.attention(attention);
    attention.forward(x, memory, made, state, room.reading(), b, trace);
    return b.out();
  }

  @Override
  public void begin(int[] tokens, Buffer x) {
    room.begin(tokens, x);
  }

  @Override
  public List<Residual> block(int layer) {
    return blocks.get(layer);
  }
}
