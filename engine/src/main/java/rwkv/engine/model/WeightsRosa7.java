package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Kernels;

/**
 * What the tensors of an RWKV-8 with ROSA beside RWKV-7's time mixing mean. Every published one has
 * a symbol for each channel; a file that says otherwise in an entry beside the tensors is believed.
 */
final class WeightsRosa7 implements Architecture {

  private final Tensors7 tensors;
  private final RosaTensors rosa;
  private final List<LayersRosa7.Block> blocks = new ArrayList<>();

  WeightsRosa7(Weights weights, Kernels kernels, Outline outline, LoadOptions options) {
    this.tensors = new Tensors7(weights, kernels, outline.channels(), outline.layers());
    this.rosa = new RosaTensors(weights, kernels, outline.channels(), options);
    int perSymbol = Math.max(1, rosa.said());
    for (int layer = 0; layer < outline.layers(); layer++) {
      RosaMixing mixing = rosa.mixing(layer, perSymbol);
      blocks.add(
          new LayersRosa7.Block(
              tensors.normalisation(layer, "ln1"),
              tensors.timeMixing(layer),
              tensors.normalisation(layer, "ln3"),
              mixing,
              tensors.normalisation(layer, "ln2"),
              tensors.channelMixing(layer)));
      rosa.requireSame(layer, mixing.sizes(), blocks.getFirst().rosa().sizes());
    }
  }

  @Override
  public Layers layers() {
    return new LayersRosa7(tensors.kernels(), blocks, tensors.channels(), tensors.ffnChannels());
  }

  @Override
  public ModelSpec spec(int vocabulary) {
    List<StatePart> parts = new ArrayList<>(tensors.stateParts());
    parts.addAll(LayersRosa7.ROSA, rosa.stateParts(blocks.getFirst().rosa().sizes()));
    return tensors.spec(Version.V8_ROSA_7, vocabulary, parts);
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return tensors.initial(spec);
  }
}
