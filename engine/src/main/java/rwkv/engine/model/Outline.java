package rwkv.engine.model;

import java.util.List;
import rwkv.engine.tensor.Shape;

/**
 * What can be told of a checkpoint before its version's tensors are read.
 *
 * @param layers one more than the largest block index
 */
record Outline(int vocabulary, int channels, int layers) {

  /**
   * Left by the pip package in the files it converts: transposed, rescaled, decays exponentiated.
   */
  private static final List<String> CONVERTED = List.of("_strategy", "_version", "_rescale_layer");

  private static final int MOST_LAYERS = 10_000;

  /**
   * Recognises the version by the tensors there are, never by the file's name.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if it is not a model, or not of a version
   *     that can be run
   */
  static Outline of(Weights weights) {
    if (weights.names().stream().allMatch(name -> name.endsWith(".att.time_state"))) {
      throw weights.problem("holds only an initial state; open the model it belongs to first");
    }
    for (String mark : CONVERTED) {
      if (weights.otherEntries().contains(mark)) {
        throw weights.problem(
            "was converted for one inference program (it has an entry %s), which changes its"
                + " weights; open the original checkpoint",
            mark);
      }
    }
    if (!weights.has("emb.weight")) {
      throw weights.problem("tensor emb.weight is missing, so this is not an RWKV model");
    }
    refuseOtherVersions(weights);
    Shape embedding = weights.shape("emb.weight", 2);
    if (embedding.size(0) > Integer.MAX_VALUE || embedding.size(1) > 1 << 20) {
      throw weights.problem("tensor emb.weight has shape %s, too large", embedding);
    }
    return new Outline((int) embedding.size(0), (int) embedding.size(1), layers(weights));
  }

  private static void refuseOtherVersions(Weights weights) {
    if (weights.has("blocks.0.att.r_k")) {
      if (weights.has("blocks.0.ffn.s_emb.weight")) {
        throw weights.problem(
            "is an RWKV-7a or 7b (it has blocks.0.ffn.s_emb.weight); only RWKV-7 can be run");
      }
      return;
    }
    String found = "of no known version (no blocks.0.att.r_k)";
    if (weights.names().stream().anyMatch(name -> name.contains("time_maa"))) {
      found = "an RWKV-6";
    } else if (weights.has("blocks.0.att.ln_x.weight")) {
      found = "an RWKV-5";
    } else if (weights.has("blocks.0.att.time_decay")) {
      found = "an RWKV-4";
    }
    throw weights.problem("is %s; only RWKV-7 can be run", found);
  }

  private static int layers(Weights weights) {
    int layers = 0;
    for (String name : weights.names()) {
      String[] parts = name.split("\\.", 3);
      if (parts.length == 3 && parts[0].equals("blocks")) {
        if (!parts[1].matches("[0-9]{1,5}") || Integer.parseInt(parts[1]) >= MOST_LAYERS) {
          throw weights.problem("tensor %s: block %s is not a layer number", name, parts[1]);
        }
        layers = Math.max(layers, Integer.parseInt(parts[1]) + 1);
      }
    }
    return layers;
  }
}
