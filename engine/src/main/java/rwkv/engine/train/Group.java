package rwkv.engine.train;

import rwkv.engine.model.Version;

/**
 * How the optimiser treats a parameter, as the official trainers do: large matrices decay; what
 * sets the decay of memory learns twice as fast (RWKV-4's bonus three times) and, like every vector
 * and low-rank matrix, does not.
 *
 * @param rate factor of the learning rate
 * @param decays whether weight decay applies
 */
record Group(int rate, boolean decays) {

  static Group of(Version version, Parameter parameter) {
    String name = parameter.name();
    boolean matrix = parameter.shape().squeezed().rank() >= 2;
    return switch (version) {
      case V7 ->
          name.contains("att.w0") ? new Group(2, false) : new Group(1, isWeight(name) && matrix);
      case V4 -> timed(name, matrix);
      default -> timed(name, matrix && isWeight(name));
    };
  }

  private static boolean isWeight(String name) {
    return name.contains(".weight");
  }

  private static Group timed(String name, boolean decays) {
    if (name.endsWith("_w1") || name.endsWith("_w2")) {
      return new Group(1, false);
    }
    if (name.contains("time_decay")) {
      return new Group(2, false);
    }
    if (name.contains("time_first")) {
      return new Group(3, false);
    }
    return new Group(1, decays && !name.contains("time_"));
  }
}
