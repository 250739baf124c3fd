package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.trace.Site;

/** The blocks of an RWKV-8 ROSA: ROSA, then channel mixing. */
final class LayersRosa implements Layers {

  static final int FFN_X = 0;
  static final int ROSA = 1;

  private final List<List<Residual>> blocks = new ArrayList<>();
  private final Room7 seven;
  private final RosaRoom room;

  /** The parts of a block. */
  record Block(
      Rwkv.Normalisation ln3, RosaMixing rosa, Rwkv.Normalisation ln2, ChannelMixing7 channel) {}

  LayersRosa(Kernels kernels, List<Block> blocks, int channels, int ffnChannels) {
    this.seven = new Room7(kernels, channels, ffnChannels, Stream.of());
    this.room = new RosaRoom(kernels, blocks.getFirst().rosa.sizes(), ROSA);
    for (int layer = 0; layer < blocks.size(); layer++) {
      Block block = blocks.get(layer);
      this.blocks.add(
          List.of(
              new Residual(block.ln3, room.branch(layer, block.rosa), Site.ROSA_OUTPUT),
              new Residual(
                  block.ln2, seven.channel(layer, FFN_X, block.channel), Site.CHANNEL_MIX_OUTPUT)));
    }
  }

  @Override
  public void begin(int[] tokens, Buffer x) {
    seven.begin(x);
    room.begin(x.batch(), x.time());
  }

  @Override
  public List<Residual> block(int layer) {
    return blocks.get(layer);
  }
}
