package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rwkv.engine.backend.Derivation;
import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Shape;
import rwkv.engine.trace.Site;

/** What an RWKV-4 checkpoint's tensors mean. */
final class Weights4 implements Architecture {

  private static final int ATT_X = 0;
  private static final int ATT_AA = 1;
  private static final int ATT_BB = 2;
  private static final int ATT_PP = 3;
  private static final int FFN_X = 4;

  /** The exponent of a numerator and a denominator of zero. */
  private static final float NOTHING = -1e30f;

  private final Weights weights;
  private final Kernels kernels;
  private final int channels;
  private final int ffnChannels;
  private final List<Block> blocks = new ArrayList<>();

  /** The parts of a block. */
  private record Block(
      Rwkv.Normalisation ln1, TimeMixing4 time, Rwkv.Normalisation ln2, ChannelMixing4 channel) {}

  Weights4(Weights weights, Kernels kernels, Outline outline) {
    this.weights = weights;
    this.kernels = kernels;
    this.channels = outline.channels();
    weights.requireWidth("blocks.0.att.key.weight", channels);
    this.ffnChannels = weights.rows("blocks.0.ffn.key.weight");
    for (int layer = 0; layer < outline.layers(); layer++) {
      String block = "blocks." + layer;
      blocks.add(
          new Block(
              weights.normalisation(block + ".ln1", channels),
              new TimeMixing4(kernels, layer, timeMixing(block + ".att.")),
              weights.normalisation(block + ".ln2", channels),
              channelMixing(layer)));
    }
  }

  @Override
  public Layers layers() {
    BlockLayers<Buffers4> layers =
        new BlockLayers<>(
            (batch, time) -> Buffers4.of(kernels, batch, time, channels, ffnChannels));
    for (int l = 0; l < blocks.size(); l++) {
      Block block = blocks.get(l);
      int layer = l;
      Branch time =
          (out, z, x, state, trace) ->
              block.time.forward(out, z, memory(state, layer), layers.buffers(), trace);
      Branch channel =
          (out, z, x, state, trace) -> {
            ChannelBuffers buffers = layers.buffers().channel();
            block.channel.forward(out, z, state.part(layer, FFN_X), buffers, trace);
          };
      layers.add(
          new Residual(block.ln1, time, Site.TIME_MIX_OUTPUT),
          new Residual(block.ln2, channel, Site.CHANNEL_MIX_OUTPUT));
    }
    return layers;
  }

  private static TimeMixing4.Memory memory(State state, int layer) {
    return new TimeMixing4.Memory(
        state.part(layer, ATT_X),
        state.part(layer, ATT_AA),
        state.part(layer, ATT_BB),
        state.part(layer, ATT_PP));
  }

  @Override
  public ModelSpec spec(int vocabulary) {
    Shape vector = Shape.of(channels);
    return new ModelSpec(
        Version.V4,
        vocabulary,
        channels,
        blocks.size(),
        1,
        channels,
        ffnChannels,
        Map.of(),
        weights.parameters(),
        weights.bytes(),
        weights.stored(),
        List.of(
            new StatePart(StatePart.ATT_X, vector, 0),
            new StatePart(StatePart.ATT_AA, vector, 0),
            new StatePart(StatePart.ATT_BB, vector, 0),
            new StatePart(StatePart.ATT_PP, vector, NOTHING),
            new StatePart(StatePart.FFN_X, vector, 0)));
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return StateSnapshot.start(spec);
  }

  private TimeMixing4.Weights timeMixing(String att) {
    return new TimeMixing4.Weights(
        weights.vector(att + "time_mix_r", channels, Derivation.COMPLEMENT),
        weights.vector(att + "time_mix_k", channels, Derivation.COMPLEMENT),
        weights.vector(att + "time_mix_v", channels, Derivation.COMPLEMENT),
        weights.vector(att + "time_decay", channels, Derivation.EXP_NEGATIVE_EXP),
        weights.vector(att + "time_decay", channels, Derivation.NEGATIVE_EXP),
        weights.vector(att + "time_first", channels),
        weights.matrix(att + "receptance.weight", channels, channels),
        weights.matrix(att + "key.weight", channels, channels),
        weights.matrix(att + "value.weight", channels, channels),
        weights.projection(att + "output.weight", channels, channels));
  }

  private ChannelMixing4 channelMixing(int layer) {
    String ffn = "blocks." + layer + ".ffn.";
    return new ChannelMixing4(
        kernels,
        layer,
        weights.vector(ffn + "time_mix_r", channels, Derivation.COMPLEMENT),
        weights.vector(ffn + "time_mix_k", channels, Derivation.COMPLEMENT),
        weights.matrix(ffn + "receptance.weight", channels, channels),
        weights.matrix(ffn + "key.weight", ffnChannels, channels),
        weights.columnProjection(ffn + "value.weight", channels, ffnChannels));
  }
}
