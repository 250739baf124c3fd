package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Shape;

/** What the tensors of an RWKV-8 ROSA without RWKV-7's time mixing mean. */
final class WeightsRosa implements Architecture {

  private final Weights weights;
  private final Kernels kernels;
  private final Outline outline;
  private final int ffnChannels;
  private final RosaTensors rosa;
  private final List<LayersRosa.Block> blocks = new ArrayList<>();

  WeightsRosa(Weights weights, Kernels kernels, Outline outline, LoadOptions options) {
    this.weights = weights;
    this.kernels = kernels;
    this.outline = outline;
    int channels = outline.channels();
    this.rosa = new RosaTensors(weights, kernels, channels, options);
    this.ffnChannels = weights.rows("blocks.0.ffn.key.weight");
    int perSymbol = rosa.channelsPerSymbol();
    for (int layer = 0; layer < outline.layers(); layer++) {
      String block = "blocks." + layer + ".";
      // Official files have ln0 in every block; only the first one's is ever used.
      Stream.of("ln0.weight", "ln0.bias").forEach(name -> weights.ignore(block + name));
      RosaMixing mixing = rosa.mixing(layer, perSymbol);
      blocks.add(
          new LayersRosa.Block(
              weights.normalisation(block + "ln3", channels),
              mixing,
              weights.normalisation(block + "ln2", channels),
              channelMixing(layer)));
      rosa.requireSame(layer, mixing.sizes(), blocks.getFirst().rosa().sizes());
    }
  }

  private ChannelMixing7 channelMixing(int layer) {
    String ffn = "blocks." + layer + ".ffn.";
    int channels = outline.channels();
    return new ChannelMixing7(
        kernels,
        layer,
        weights.vector(ffn + "x_k", channels),
        weights.matrix(ffn + "key.weight", ffnChannels, channels),
        weights.columns(ffn + "value.weight", channels, ffnChannels));
  }

  @Override
  public Layers layers() {
    return new LayersRosa(kernels, blocks, outline.channels(), ffnChannels);
  }

  @Override
  public ModelSpec spec(int vocabulary) {
    List<StatePart> parts = new ArrayList<>();
    parts.add(new StatePart(StatePart.FFN_X, Shape.of(outline.channels()), 0));
    parts.addAll(rosa.stateParts(blocks.getFirst().rosa().sizes()));
    return new ModelSpec(
        Version.V8_ROSA,
        vocabulary,
        outline.channels(),
        outline.layers(),
        1,
        outline.channels(),
        ffnChannels,
        Map.of(),
        weights.parameters(),
        weights.bytes(),
        weights.stored(),
        parts);
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return StateSnapshot.start(spec);
  }
}
