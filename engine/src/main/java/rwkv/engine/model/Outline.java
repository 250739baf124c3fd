package rwkv.engine.model;

import java.util.BitSet;
import java.util.List;
import rwkv.engine.tensor.Shape;

/**
 * What can be told of a checkpoint before its version's tensors are read.
 *
 * @param layers blocks, which are numbered without a gap
 */
record Outline(Version version, int vocabulary, int channels, int layers) {

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
    Shape embedding = weights.shape("emb.weight", 2);
    if (embedding.size(0) > Integer.MAX_VALUE || embedding.size(1) > 1 << 20) {
      throw weights.problem("tensor emb.weight has shape %s, too large", embedding);
    }
    Unsupported.refuse(weights);
    return new Outline(
        version(weights), (int) embedding.size(0), (int) embedding.size(1), layers(weights));
  }

  private static Version version(Weights weights) {
    if (weights.has("blocks.0.att.r_k")) {
      return seven(weights);
    }
    if (weights.has("blocks.0.rosa.q.weight")) {
      return Version.V8_ROSA;
    }
    if (weights.names().stream().anyMatch(name -> name.contains("time_maa"))) {
      return six(weights);
    }
    if (weights.has("blocks.0.att.ln_x.weight")) {
      return five(weights);
    }
    if (weights.has("blocks.0.att.time_decay")) {
      return Version.V4;
    }
    throw weights.problem("is of no known version of RWKV");
  }

  private static Version seven(Weights weights) {
    if (weights.has("blocks.0.rosa.q.weight")) {
      return Version.V8_ROSA_7;
    }
    if (weights.has("blocks.0.qkv.qq.weight")) {
      return Version.V7B;
    }
    return weights.has("blocks.0.ffn.s_emb.weight") ? Version.V7A : Version.V7;
  }

  private static Version six(Weights weights) {
    if (!weights.has("blocks.0.att.gate.weight")) {
      throw weights.problem(
          "tensor blocks.0.att.gate.weight is missing; an RWKV-6 without a gate cannot be run");
    }
    return Version.V6;
  }

  /** Version 5.2 has a decay for every channel, {@code [heads, head size]}. */
  private static Version five(Weights weights) {
    if (!weights.has("blocks.0.att.gate.weight")) {
      return Version.V5_0;
    }
    Shape decay = weights.part("blocks.0.att.time_decay").shape();
    return decay.rank() > 1 && decay.size(1) > 1 ? Version.V5_2 : Version.V5_1;
  }

  /** Blocks are numbered from 0 without a gap. */
  private static int layers(Weights weights) {
    BitSet blocks = new BitSet();
    for (String name : weights.names()) {
      String[] parts = name.split("\\.", 3);
      if (parts.length == 3 && parts[0].equals("blocks")) {
        if (!parts[1].matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(parts[1]) >= MOST_LAYERS) {
          throw weights.problem("tensor %s: block %s is not a layer number", name, parts[1]);
        }
        blocks.set(Integer.parseInt(parts[1]));
      }
    }
    int gap = blocks.nextClearBit(0);
    if (gap < blocks.length()) {
      throw weights.problem("has a block %d but no block %d", blocks.length() - 1, gap);
    }
    return gap;
  }
}
