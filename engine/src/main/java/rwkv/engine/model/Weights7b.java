package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Shape;

/** What an official RWKV-7b checkpoint's tensors mean. */
final class Weights7b implements Architecture {

  private final Tensors7 tensors;
  private final List<Layers7b.Block> blocks = new ArrayList<>();

  Weights7b(Weights weights, Kernels kernels, Outline outline, Embedding embedding) {
    this.tensors = new Tensors7(weights, kernels, outline.channels(), outline.layers());
    DeepTensors deep = new DeepTensors(weights, kernels, outline);
    for (int layer = 0; layer < outline.layers(); layer++) {
      Layers7b.Block block =
          new Layers7b.Block(
              tensors.normalisation(layer, "ln1"),
              tensors.timeMixing(layer),
              deep.attention(layer, embedding),
              tensors.normalisation(layer, "ln2"),
              deep.channelMixing(layer, tensors.ffnChannels()));
      if (layer > 0 && !block.attention().sizes().equals(blocks.getFirst().attention().sizes())) {
        throw weights.problem(
            "tensors blocks.%d.qkv.* have other sizes than those of block 0", layer);
      }
      blocks.add(block);
    }
  }

  @Override
  public Layers layers() {
    return new Layers7b(tensors.kernels(), blocks, tensors.channels(), tensors.ffnChannels());
  }

  @Override
  public ModelSpec spec(int vocabulary) {
    List<StatePart> parts = new ArrayList<>(tensors.stateParts());
    Attention7b.Sizes sizes = blocks.getFirst().attention().sizes();
    parts.add(Layers7b.Q_PREV, new StatePart("q_prev", Shape.of(sizes.keys()), 0));
    parts.add(Layers7b.K_CACHE, StatePart.growing("k_cache", sizes.keyCache()));
    parts.add(Layers7b.V_CACHE, StatePart.growing("v_cache", sizes.valueCache()));
    return tensors.spec(Version.V7B, vocabulary, parts);
  }

  @Override
  public StateSnapshot initial(ModelSpec spec) {
    return tensors.initial(spec);
  }
}
