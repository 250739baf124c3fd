package rwkv.engine.train;

import rwkv.engine.model.Version;

/** What the time mixing of a layer begins with, in every version. */
final class InitialTimeMixing {

  private static final double LOW_RANK_UNIFORM = 0.01;
  private static final double LOW_RANK_GAIN = 0.1;

  private final InitialTensors to;
  private final DecayCurve decay;
  private final ModelPlan plan;

  InitialTimeMixing(InitialTensors to, DecayCurve decay) {
    this.to = to;
    this.decay = decay;
    this.plan = to.plan();
  }

  /**
   * @param att what names begin with, as in {@code blocks.0.att.}
   */
  void add(String att, int layer) {
    switch (plan.version()) {
      case V6 -> six(att, layer);
      case V7 -> seven(att, layer);
      default -> fourOrFive(att, layer);
    }
    projections(att);
    if (plan.version() != Version.V4) {
      to.norm(att + "ln_x", Math.pow((1.0 + layer) / plan.layers(), 0.7));
    }
  }

  private void projections(String att) {
    Version version = plan.version();
    boolean four = version == Version.V4;
    boolean small = version == Version.V5_2 || version == Version.V6 || version == Version.V7;
    Beginning key = new Beginning.Orthogonal(small ? 0.1 : 1);
    square(att + "receptance", four ? Beginning.ZERO : new Beginning.Orthogonal(1));
    square(att + "key", four ? Beginning.ZERO : key);
    square(att + "value", new Beginning.Orthogonal(1));
    square(att + "output", Beginning.ZERO);
    if (version == Version.V5_1 || version == Version.V5_2 || version == Version.V6) {
      square(att + "gate", key);
    }
  }

  private void square(String name, Beginning beginning) {
    to.projection(name, beginning, plan.channels(), plan.channels());
  }

  private void fourOrFive(String att, int layer) {
    double height = to.height(layer);
    double depth = to.depth(layer);
    to.mixing(att + "time_mix_k", height, x -> x);
    to.mixing(att + "time_mix_v", height, x -> x + 0.3 * depth);
    to.mixing(att + "time_mix_r", 0.5 * height, x -> x);
    int c = plan.channels();
    int heads = plan.heads();
    switch (plan.version()) {
      case V4 -> {
        decay(att + "time_decay", layer, c);
        to.each(att + "time_first", i -> Math.log(0.3) + 0.5 * ((i + 1) % 3 - 1), c);
      }
      case V5_0 -> {
        decay(att + "time_decay", layer, heads);
        to.add(att + "time_first", new Beginning.Same(-3), heads);
      }
      case V5_1 -> {
        to.mixing(att + "time_mix_g", 0.5 * height, x -> x);
        decay(att + "time_decay", layer, heads);
        to.each(att + "time_faaaa", h -> depth * (1 - Ramp.along(h, heads)), heads);
      }
      default -> {
        to.mixing(att + "time_mix_g", 0.5 * height, x -> x);
        decay(att + "time_decay", layer, heads, plan.headSize());
        bonus(att, depth);
      }
    }
  }

  /** Of versions 5.2 and 6. */
  private void bonus(String att, double depth) {
    int c = plan.channels();
    to.each(
        att + "time_faaaa",
        i -> depth * (1 - Ramp.along(i, c)) + 0.1 * ((i + 1) % 3 - 1),
        plan.heads(),
        plan.headSize());
  }

  private void six(String att, int layer) {
    double height = to.height(layer);
    double depth = to.depth(layer);
    int c = plan.channels();
    int mix = rank("mix");
    int low = rank("w");
    for (String letter : new String[] {"x", "w", "k"}) {
      to.mixing(att + "time_maa_" + letter, height, x -> 1 - x);
    }
    to.mixing(att + "time_maa_v", height, x -> 1 - (x + 0.3 * depth));
    to.mixing(att + "time_maa_r", 0.5 * height, x -> 1 - x);
    to.mixing(att + "time_maa_g", 0.5 * height, x -> 1 - x);
    Beginning uniform = new Beginning.Uniform(LOW_RANK_UNIFORM);
    to.add(att + "time_maa_w1", Beginning.ZERO, c, 5L * mix);
    to.add(att + "time_maa_w2", uniform, 5, mix, c);
    decay(att + "time_decay", layer, 1, 1, c);
    to.add(att + "time_decay_w1", Beginning.ZERO, c, low);
    to.add(att + "time_decay_w2", uniform, low, c);
    bonus(att, depth);
  }

  private void seven(String att, int layer) {
    double height = to.height(layer);
    int c = plan.channels();
    to.mixing(att + "x_r", 0.2 * height, x -> 1 - x);
    to.mixing(att + "x_w", 0.9 * height, x -> 1 - x);
    to.mixing(att + "x_k", 0.7 * height, x -> 1 - x);
    to.mixing(att + "x_v", 0.7 * height, x -> 1 - x);
    to.mixing(att + "x_a", 0.9 * height, x -> 1 - x);
    to.mixing(att + "x_g", 0.2 * height, x -> 1 - x);
    lowRank(att, "w");
    decay(att + "w0", layer, 1, 1, c);
    lowRank(att, "a");
    to.channels(att + "a0", i -> -0.19 + 0.3 * Ramp.zigzag(i, plan.headSize()) + 0.4 * centred(i));
    if (layer > 0) {
      lowRank(att, "v");
      to.channels(att + "v0", i -> 0.73 - 0.4 * centred(i));
    }
    lowRank(att, "g");
    to.channels(att + "k_k", i -> 0.71 - 0.1 * centred(i));
    to.channels(att + "k_a", _ -> 1.02);
    to.add(att + "r_k", new Beginning.Same(-0.04), plan.heads(), plan.headSize());
  }

  private void lowRank(String att, String letter) {
    int c = plan.channels();
    int rank = rank(letter);
    double gain = LOW_RANK_GAIN * InitialTensors.tall(rank, c);
    to.add(att + letter + "1", Beginning.ZERO, c, rank);
    to.add(att + letter + "2", new Beginning.Orthogonal(gain), rank, c);
  }

  private int rank(String name) {
    return plan.ranks().getOrDefault(name, 0);
  }

  /** −½ at the first channel to ½ at the last. */
  private double centred(int channel) {
    return Ramp.along(channel, plan.channels()) - 0.5;
  }

  private void decay(String name, int layer, long... shape) {
    to.each(name, i -> decay.raw(layer, i), shape);
  }
}
