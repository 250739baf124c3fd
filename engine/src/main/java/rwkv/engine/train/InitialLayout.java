package rwkv.engine.train;

import java.util.List;
import rwkv.engine.model.Version;

/**
 * The tensors of an official initial checkpoint: names, shapes and order of the official trainers,
 * and what each begins with. RWKV-4 is as its later trainer (v4neo) has it.
 */
final class InitialLayout {

  private static final double EMBEDDING = 1e-4;
  private static final double HEAD = 0.5;

  private final ModelPlan plan;
  private final InitialTensors to;
  private final InitialTimeMixing mixing;

  private InitialLayout(ModelPlan plan, DecayCurve decay) {
    this.plan = plan;
    this.to = new InitialTensors(plan);
    this.mixing = new InitialTimeMixing(to, decay);
  }

  static List<InitialTensor> of(ModelPlan plan, DecayCurve decay) {
    return new InitialLayout(plan, decay).all();
  }

  private List<InitialTensor> all() {
    int c = plan.channels();
    int tokens = plan.vocabulary();
    to.add("emb.weight", new Beginning.Uniform(EMBEDDING), tokens, c);
    for (int layer = 0; layer < plan.layers(); layer++) {
      String block = "blocks." + layer + ".";
      to.norm(block + "ln1", 1);
      to.norm(block + "ln2", 1);
      if (layer == 0) {
        to.norm(block + "ln0", 1);
      }
      mixing.add(block + "att.", layer);
      channelMixing(block + "ffn.", layer);
    }
    to.norm("ln_out", 1);
    double gain = HEAD * InitialTensors.tall(tokens, c);
    to.add("head.weight", new Beginning.Orthogonal(gain), tokens, c);
    return to.all();
  }

  private void channelMixing(String ffn, int layer) {
    double height = to.height(layer);
    switch (plan.version()) {
      case V7 -> to.mixing(ffn + "x_k", Math.pow(height, 4), x -> 1 - x);
      case V6 -> {
        to.mixing(ffn + "time_maa_k", Math.pow(height, 3), x -> 1 - x);
        to.mixing(ffn + "time_maa_r", Math.pow(height, 3), x -> 1 - x);
      }
      default -> {
        to.mixing(ffn + "time_mix_k", height, x -> x);
        to.mixing(ffn + "time_mix_r", height, x -> x);
      }
    }
    int c = plan.channels();
    int width = plan.ffnChannels();
    double gain = hasGainRule(plan.version()) ? InitialTensors.tall(width, c) : 1;
    to.projection(ffn + "key", new Beginning.Orthogonal(gain), width, c);
    if (plan.version() != Version.V7) {
      to.projection(ffn + "receptance", Beginning.ZERO, c, c);
    }
    to.projection(ffn + "value", Beginning.ZERO, c, width);
  }

  /** Whether tall matrices begin larger; square ones do not. */
  private static boolean hasGainRule(Version version) {
    return version == Version.V4 || version == Version.V5_0 || version == Version.V5_1;
  }
}
