package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Kernels;

/** What an official RWKV-7a checkpoint's tensors mean. */
final class Weights7a implements Architecture {

  private final Tensors7 tensors;
  private final List<Layers7a.Block> blocks = new ArrayList<>();

  Weights7a(Weights weights, Kernels kernels, Outline outline) {
    this.tensors = new Tensors7(weights, kernels, outline.channels(), outline.layers());
    DeepTensors deep = new DeepTensors(weights, kernels, outline);
    for (int layer = 0; layer < outline.layers(); layer++) {
      blocks.add(
          new Layers7a.Block(
              tensors.normalisation(layer, "ln1"),
              tensors.timeMixing(layer),
              tensors.normalisation(layer, "ln2"),
              deep.channelMixing(layer, tensors.ffnChannels())));
    }
  }

  @Override
  public Layers layers() {
    return new Layers7a(tensors.kernels(), blocks, tensors.channels(), tensors.ffnChannels());
  }

  @Override
  public ModelSpec spec(int vocabulary) {
    return tensors.spec(Version.V7A, vocabulary, tensors.stateParts());
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return tensors.initial(spec);
  }
}
