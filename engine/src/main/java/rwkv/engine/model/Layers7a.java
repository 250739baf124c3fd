package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.trace.Site;

/** The blocks of an RWKV-7a: RWKV-7's with DeepEmbed in channel mixing. */
final class Layers7a implements Layers {

  private final List<List<Residual>> blocks = new ArrayList<>();
  private final DeepRoom room;

  /** The parts of a block. */
  record Block(
      Rwkv.Normalisation ln1, TimeMixing7 time, Rwkv.Normalisation ln2, ChannelMixing7a channel) {}

  Layers7a(Kernels kernels, List<Block> blocks, int channels, int ffnChannels) {
    Room7 seven = new Room7(kernels, channels, ffnChannels, blocks.stream().map(Block::time));
    this.room = new DeepRoom(kernels, seven);
    for (int layer = 0; layer < blocks.size(); layer++) {
      Block block = blocks.get(layer);
      this.blocks.add(
          List.of(
              new Residual(block.ln1, seven.time(layer, block.time), Site.TIME_MIX_OUTPUT),
              new Residual(
                  block.ln2, room.channel(layer, block.channel), Site.CHANNEL_MIX_OUTPUT)));
    }
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
