package rwkv.engine.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Derivation;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.naming.Part;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Site;

/** What an RWKV-6 checkpoint's tensors mean. Ranks may differ by layer. */
final class Weights6 implements Architecture {

  private static final int ATT_X = 0;
  private static final int ATT_KV = 1;
  private static final int FFN_X = 2;

  /** What is mixed, in the order of the five parts of time_maa_w1 and time_maa_w2. */
  private static final String MIXED = "wkvrg";

  private final Weights weights;
  private final Kernels kernels;
  private final int channels;
  private final int heads;
  private final int headSize;
  private final int ffnChannels;
  private final Map<String, Integer> ranks = new LinkedHashMap<>();
  private final Set<Integer> mixWidths = new HashSet<>();
  private final Set<Integer> hiddenWidths = new HashSet<>();
  private final List<Block> blocks = new ArrayList<>();

  /** The parts of a block. */
  private record Block(
      Rwkv.Normalisation ln1, TimeMixing6 time, Rwkv.Normalisation ln2, ChannelMixing4 channel) {}

  Weights6(Weights weights, Kernels kernels, Outline outline) {
    this.weights = weights;
    this.kernels = kernels;
    this.channels = outline.channels();
    weights.requireWidth("blocks.0.att.key.weight", channels);
    String bonus = "blocks.0.att.time_faaaa";
    Shape shape = weights.part(bonus).shape();
    this.heads = weights.rows(bonus);
    this.headSize = channels / heads;
    if (heads * headSize != channels || shape.count() != channels || shape.rank() < 2) {
      throw weights.problem(
          "tensor %s has shape %s, expected [heads, head size] with the product %d, the channels"
              + " of emb.weight",
          bonus, shape, channels);
    }
    this.ffnChannels = weights.rows("blocks.0.ffn.key.weight");
    for (int layer = 0; layer < outline.layers(); layer++) {
      String block = "blocks." + layer;
      blocks.add(
          new Block(
              weights.normalisation(block + ".ln1", channels),
              new TimeMixing6(kernels, layer, timeMixing(block + ".att.")),
              weights.normalisation(block + ".ln2", channels),
              channelMixing(layer)));
    }
  }

  @Override
  public Layers layers() {
    BlockLayers<Buffers6> layers =
        new BlockLayers<>((batch, time) ->
            Buffers6.of(kernels, batch, time, channels, ffnChannels, mixWidths, hiddenWidths));
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
        Version.V6,
        vocabulary,
        channels,
        blocks.size(),
        heads,
        headSize,
        ffnChannels,
        ranks,
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

  private TimeMixing6.Weights timeMixing(String att) {
    int mixRank = mixRank(att + "time_maa_w2");
    int decayRank = weights.columns(att + "time_decay_w1");
    ranks.putIfAbsent("mix", mixRank);
    ranks.putIfAbsent("w", decayRank);
    mixWidths.add(MIXED.length() * mixRank);
    hiddenWidths.add(mixRank);
    hiddenWidths.add(decayRank);
    return new TimeMixing6.Weights(
        heads,
        weights.vector(att + "time_maa_x", channels),
        weights.transposed(att + "time_maa_w1", channels, MIXED.length() * mixRank),
        mixing(att, 'w', mixRank),
        mixing(att, 'k', mixRank),
        mixing(att, 'v', mixRank),
        mixing(att, 'r', mixRank),
        mixing(att, 'g', mixRank),
        weights.vector(att + "time_decay", heads, headSize, Derivation.IDENTITY),
        weights.transposed(att + "time_decay_w1", channels, decayRank),
        weights.transposed(att + "time_decay_w2", decayRank, channels),
        weights.vector(att + "time_faaaa", heads, headSize, Derivation.IDENTITY),
        weights.matrix(att + "receptance.weight", channels, channels),
        weights.matrix(att + "key.weight", channels, channels),
        weights.matrix(att + "value.weight", channels, channels),
        weights.matrix(att + "gate.weight", channels, channels),
        weights.projection(att + "output.weight", channels, channels),
        weights.normalisation(att + "ln_x", channels));
  }

  /** Of {@code [5, rank, channels]}. */
  private int mixRank(String name) {
    return (int) Math.min(weights.shape(name, 3).size(1), Short.MAX_VALUE);
  }

  private TimeMixing6.Mixing mixing(String att, char letter, int rank) {
    String name = att + "time_maa_w2";
    Tensor all = weights.shaped(name, MIXED.length(), rank, channels);
    Part part = weights.part(name);
    Tensor one = all.slices(MIXED.indexOf(letter), 1);
    Matrix up =
        part.swapped()
            ? kernels.matrix(one.reshaped(Shape.of(channels, rank)))
            : kernels.transposed(one.reshaped(Shape.of(rank, channels)));
    return new TimeMixing6.Mixing(weights.vector(att + "time_maa_" + letter, channels), up);
  }

  private ChannelMixing4 channelMixing(int layer) {
    String ffn = "blocks." + layer + ".ffn.";
    return new ChannelMixing4(
        kernels,
        layer,
        weights.vector(ffn + "time_maa_r", channels),
        weights.vector(ffn + "time_maa_k", channels),
        weights.matrix(ffn + "receptance.weight", channels, channels),
        weights.matrix(ffn + "key.weight", ffnChannels, channels),
        weights.columnProjection(ffn + "value.weight", channels, ffnChannels));
  }
}
