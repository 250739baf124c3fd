package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.trace.Site;

/** The blocks of an RWKV-8 with ROSA beside RWKV-7's time mixing, both of the same residual. */
final class LayersRosa7 implements Layers {

  /** Where the parts of ROSA begin in a layer's state, after those of RWKV-7. */
  static final int ROSA = 3;

  private final Kernels kernels;
  private final List<List<Residual>> blocks = new ArrayList<>();
  private final Room7 seven;
  private final RosaRoom room;
  private @Nullable Buffer normal;
  private @Nullable Buffer read;

  /** The parts of a block. */
  record Block(
      Rwkv.Normalisation ln1,
      TimeMixing7 time,
      Rwkv.Normalisation ln3,
      RosaMixing rosa,
      Rwkv.Normalisation ln2,
      ChannelMixing7 channel) {}

  LayersRosa7(Kernels kernels, List<Block> blocks, int channels, int ffnChannels) {
    this.kernels = kernels;
    this.seven = new Room7(kernels, channels, ffnChannels, blocks.stream().map(Block::time));
    this.room = new RosaRoom(kernels, blocks.getFirst().rosa.sizes(), ROSA);
    for (int layer = 0; layer < blocks.size(); layer++) {
      Block block = blocks.get(layer);
      this.blocks.add(
          List.of(
              new Residual(block.ln1, both(layer, block), Site.MIX_OUTPUT),
              new Residual(
                  block.ln2,
                  seven.channel(layer, Tensors7.FFN_X, block.channel),
                  Site.CHANNEL_MIX_OUTPUT)));
    }
  }

  private Branch both(int layer, Block block) {
    Branch time = seven.time(layer, block.time);
    Branch rosa = room.branch(layer, block.rosa);
    return (out, z, x, state, trace) -> {
      time.forward(out, z, x, state, trace);
      trace.at(layer, Site.TIME_MIX_OUTPUT, out);
      Buffer n = begun(normal);
      Buffer r = begun(read);
      kernels.layerNorm(n, x, block.ln3.weight(), block.ln3.bias(), Rwkv.EPS);
      rosa.forward(r, n, x, state, trace);
      trace.at(layer, Site.ROSA_OUTPUT, r);
      kernels.add(out, out, r);
    };
  }

  private static Buffer begun(@Nullable Buffer buffer) {
    if (buffer == null) {
      throw new IllegalStateException("not begun");
    }
    return buffer;
  }

  @Override
  public void begin(int[] tokens, Buffer x) {
    if (seven.begin(x) || normal == null) {
      normal = kernels.buffer(x.batch(), x.time(), x.channels());
      read = kernels.buffer(x.batch(), x.time(), x.channels());
    }
    room.begin(x.batch(), x.time());
  }

  @Override
  public List<Residual> block(int layer) {
    return blocks.get(layer);
  }
}
