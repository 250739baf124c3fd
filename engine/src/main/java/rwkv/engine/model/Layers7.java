package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.trace.Site;

/** The blocks of an RWKV-7. */
final class Layers7 implements Layers {

  private final List<List<Residual>> blocks = new ArrayList<>();
  private final Room7 room;

  /** The parts of a block. */
  record Block(
      Rwkv.Normalisation ln1, TimeMixing7 time, Rwkv.Normalisation ln2, ChannelMixing7 channel) {}

  Layers7(Kernels kernels, List<Block> blocks, int channels, int ffnChannels) {
    this.room = new Room7(kernels, channels, ffnChannels, blocks.stream().map(Block::time));
    for (int layer = 0; layer < blocks.size(); layer++) {
      Block block = blocks.get(layer);
      this.blocks.add(
          List.of(
              new Residual(block.ln1, room.time(layer, block.time), Site.TIME_MIX_OUTPUT),
              new Residual(
                  block.ln2,
                  room.channel(layer, Tensors7.FFN_X, block.channel),
                  Site.CHANNEL_MIX_OUTPUT)));
    }
  }

  @Override
  public void begin(int[] tokens, Buffer x) {
    room.begin(x);
  }

  @Override
  public List<Residual> block(int layer) {
    return blocks.get(layer);
  }
}
