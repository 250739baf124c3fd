package rwkv.engine.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Kernels;
import rwkv.engine.model.TimeMixing7.LowRank;
import rwkv.engine.tensor.Shape;

/**
 * The tensors that every version with RWKV-7's time mixing has, as official checkpoints have them.
 * All sizes come from the tensors; ranks may differ by letter and by layer.
 */
final class Tensors7 {

  static final int ATT_X = 0;
  static final int ATT_KV = 1;
  static final int FFN_X = 2;

  private final Weights weights;
  private final int channels;
  private final int layers;
  private final int heads;
  private final int headSize;
  private final int ffnChannels;
  private final Map<String, Integer> ranks = new LinkedHashMap<>();
  private final Kernels kernels;

  Tensors7(Weights weights, Kernels kernels, int channels, int layers) {
    this.weights = weights;
    this.kernels = kernels;
    this.channels = channels;
    this.layers = layers;
    Shape bonus = weights.shape("blocks.0.att.r_k", 2);
    this.heads = (int) Math.min(bonus.size(0), Integer.MAX_VALUE);
    this.headSize = (int) Math.min(bonus.size(1), Integer.MAX_VALUE);
    if ((long) heads * headSize != channels) {
      throw weights.problem(
          "tensor blocks.0.att.r_k has shape %s, its product must be the %d channels of emb.weight",
          bonus, channels);
    }
    long width = weights.shape("blocks.0.ffn.key.weight", 2).size(0);
    this.ffnChannels = (int) Math.min(width, Integer.MAX_VALUE);
  }

  Weights weights() {
    return weights;
  }

  Kernels kernels() {
    return kernels;
  }

  int channels() {
    return channels;
  }

  int layers() {
    return layers;
  }

  int ffnChannels() {
    return ffnChannels;
  }

  /** A layer norm of a block, as in {@code ln1}. */
  Rwkv.Normalisation normalisation(int layer, String name) {
    return weights.normalisation("blocks." + layer + "." + name, channels);
  }

  /** The parts of the state that RWKV-7 has, at {@link #ATT_X}, {@link #ATT_KV}, {@link #FFN_X}. */
  List<StatePart> stateParts() {
    return List.of(
        new StatePart(StatePart.ATT_X, Shape.of(channels), 0),
        new StatePart(StatePart.ATT_KV, Shape.of(heads, headSize, headSize), 0),
        new StatePart(StatePart.FFN_X, Shape.of(channels), 0));
  }

  ModelSpec spec(Version version, int vocabulary, List<StatePart> parts) {
    return new ModelSpec(
        version,
        vocabulary,
        channels,
        layers,
        heads,
        headSize,
        ffnChannels,
        ranks,
        weights.parameters(),
        weights.bytes(),
        weights.stored(),
        parts);
  }

  /** The initial state a checkpoint carries in its time_state tensors: all zeros without them. */
  StateSnapshot initial(ModelSpec spec) {
    return TimeState.initial(weights, spec);
  }

  TimeMixing7 timeMixing(int layer) {
    return new TimeMixing7(kernels, layer, timeWeights(layer));
  }

  private TimeMixing7.Weights timeWeights(int layer) {
    String att = "blocks." + layer + ".att.";
    return new TimeMixing7.Weights(
        heads,
        weights.vector(att + "x_r", channels),
        weights.vector(att + "x_w", channels),
        weights.vector(att + "x_k", channels),
        weights.vector(att + "x_v", channels),
        weights.vector(att + "x_a", channels),
        weights.vector(att + "x_g", channels),
        weights.matrix(att + "receptance.weight", channels, channels),
        weights.matrix(att + "key.weight", channels, channels),
        weights.matrix(att + "value.weight", channels, channels),
        weights.matrix(att + "output.weight", channels, channels),
        lowRank(att, "w", true),
        lowRank(att, "a", true),
        lowRank(att, "g", false),
        valueResidual(layer, att),
        weights.vector(att + "k_k", channels),
        weights.vector(att + "k_a", channels),
        weights.flattened(att + "r_k", heads, headSize),
        weights.normalisation(att + "ln_x", channels));
  }

  /** Layer 0 has no value residual: files may hold its tensors, nothing ever uses them. */
  private @Nullable LowRank valueResidual(int layer, String att) {
    if (layer > 0) {
      return lowRank(att, "v", true);
    }
    List.of("v0", "v1", "v2").forEach(letter -> weights.ignore(att + letter));
    return null;
  }

  private LowRank lowRank(String att, String letter, boolean hasBias) {
    long rank = weights.shape(att + letter + "1", 2).size(1);
    int r = (int) Math.min(rank, Integer.MAX_VALUE);
    ranks.putIfAbsent(letter, r);
    return new LowRank(
        weights.transposed(att + letter + "1", channels, r),
        weights.transposed(att + letter + "2", r, channels),
        hasBias ? weights.vector(att + letter + "0", channels) : null);
  }

  ChannelMixing7 channelMixing(int layer) {
    String ffn = "blocks." + layer + ".ffn.";
    return new ChannelMixing7(
        kernels,
        layer,
        weights.vector(ffn + "x_k", channels),
        weights.matrix(ffn + "key.weight", ffnChannels, channels),
        weights.columns(ffn + "value.weight", channels, ffnChannels));
  }
}
