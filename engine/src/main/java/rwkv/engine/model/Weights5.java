package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Derivation;
import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Shape;
import rwkv.engine.trace.Site;

/** What the tensors of an RWKV-5.0, 5.1 or 5.2 checkpoint mean. */
final class Weights5 implements Architecture {

  private static final int ATT_X = 0;
  private static final int ATT_KV = 1;
  private static final int FFN_X = 2;

  /** The group norm's epsilon: 1e-5 for a head's output divided by 8, as models were trained. */
  private static final float GROUP_NORM_EPS = 64e-5f;

  private final Weights weights;
  private final Kernels kernels;
  private final Version version;
  private final int channels;
  private final int heads;
  private final int headSize;
  private final int ffnChannels;
  private final float eps;
  private final List<Block> blocks = new ArrayList<>();

  /** The parts of a block. */
  private record Block(
      Rwkv.Normalisation ln1, TimeMixing5 time, Rwkv.Normalisation ln2, ChannelMixing4 channel) {}

  Weights5(Weights weights, Kernels kernels, Outline outline, LoadOptions options) {
    this.weights = weights;
    this.kernels = kernels;
    this.version = outline.version();
    this.channels = outline.channels();
    this.eps = options.groupNormEps() == null ? GROUP_NORM_EPS : options.groupNormEps();
    weights.requireWidth("blocks.0.att.key.weight", channels);
    String decay = "blocks.0.att.time_decay";
    this.heads = weights.rows(decay);
    this.headSize = channels / heads;
    Shape found = weights.part(decay).shape();
    boolean fits = version != Version.V5_2 || found.size(1) == headSize;
    if (!fits || heads * headSize != channels) {
      throw weights.problem(
          "tensor %s has shape %s, which does not share out the %d channels of emb.weight among"
              + " heads",
          decay, found, channels);
    }
    this.ffnChannels = weights.rows("blocks.0.ffn.key.weight");
    for (int layer = 0; layer < outline.layers(); layer++) {
      String block = "blocks." + layer;
      blocks.add(
          new Block(
              weights.normalisation(block + ".ln1", channels),
              new TimeMixing5(kernels, layer, timeMixing(block + ".att.")),
              weights.normalisation(block + ".ln2", channels),
              channelMixing(layer)));
    }
  }

  @Override
  public Layers layers() {
    BlockLayers<Buffers5> layers =
        new BlockLayers<>(
            (batch, time) -> Buffers5.of(kernels, batch, time, channels, ffnChannels));
    for (int l = 0; l < blocks.size(); l++) {
      Block block = blocks.get(l);
      int layer = l;
      Branch time =
          (out, z, x, state, trace) -> {
            Buffer shift = state.part(layer, ATT_X);
            Buffer wkv = state.part(layer, ATT_KV);
            block.time.forward(out, z, shift, wkv, layers.buffers(), trace);
          };
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

  @Override
  public ModelSpec spec(int vocabulary) {
    return new ModelSpec(
        version,
        vocabulary,
        channels,
        blocks.size(),
        heads,
        headSize,
        ffnChannels,
        Map.of(),
        weights.parameters(),
        weights.bytes(),
        weights.stored(),
        List.of(
            new StatePart(StatePart.ATT_X, Shape.of(channels), 0),
            new StatePart(StatePart.ATT_KV, Shape.of(heads, headSize, headSize), 0),
            new StatePart(StatePart.FFN_X, Shape.of(channels), 0)));
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return TimeState.initial(weights, spec);
  }

  private TimeMixing5.Weights timeMixing(String att) {
    return new TimeMixing5.Weights(
        heads,
        weights.vector(att + "time_mix_r", channels, Derivation.COMPLEMENT),
        weights.vector(att + "time_mix_k", channels, Derivation.COMPLEMENT),
        weights.vector(att + "time_mix_v", channels, Derivation.COMPLEMENT),
        gate(att),
        perChannel(att + "time_decay", Derivation.EXP_NEGATIVE_EXP),
        bonus(att),
        weights.matrix(att + "receptance.weight", channels, channels),
        weights.matrix(att + "key.weight", channels, channels),
        weights.matrix(att + "value.weight", channels, channels),
        weights.projection(att + "output.weight", channels, channels),
        weights.normalisation(att + "ln_x", channels),
        eps);
  }

  private TimeMixing5.@Nullable Gate gate(String att) {
    return version == Version.V5_0
        ? null
        : new TimeMixing5.Gate(
            weights.vector(att + "time_mix_g", channels, Derivation.COMPLEMENT),
            weights.matrix(att + "gate.weight", channels, channels));
  }

  /** As it is stored when it is called time_faaaa, exponentiated when it is called time_first. */
  private Buffer bonus(String att) {
    return weights.has("blocks.0.att.time_faaaa")
        ? perChannel(att + "time_faaaa", Derivation.IDENTITY)
        : perChannel(att + "time_first", Derivation.EXP);
  }

  /** A number for every channel, of a tensor that has one for every head before version 5.2. */
  private Buffer perChannel(String name, Derivation f) {
    return version == Version.V5_2
        ? weights.vector(name, heads, headSize, f)
        : weights.repeated(name, heads, headSize, f);
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
