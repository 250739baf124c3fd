package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Kernels;

/** What an official RWKV-7 checkpoint's tensors mean. */
final class Weights7 implements Architecture {

  private final Tensors7 tensors;
  private final List<Layers7.Block> blocks = new ArrayList<>();

  Weights7(Weights weights, Kernels kernels, int channels, int layers) {
    this.tensors = new Tensors7(weights, kernels, channels, layers);
    for (int layer = 0; layer < layers; layer++) {
      blocks.add(
          new Layers7.Block(
              tensors.normalisation(layer, "ln1"),
              tensors.timeMixing(layer),
              tensors.normalisation(layer, "ln2"),
              tensors.channelMixing(layer)));
    }
  }

  @Override
  public Layers layers() {
    return new Layers7(tensors.kernels(), blocks, tensors.channels(), tensors.ffnChannels());
  }

  @Override
  public ModelSpec spec(int vocabulary) {
    return tensors.spec(Version.V7, vocabulary, tensors.stateParts());
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return tensors.initial(spec);
  }
}
