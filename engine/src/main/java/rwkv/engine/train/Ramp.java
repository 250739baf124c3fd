package rwkv.engine.train;

/** Where a channel stands among the others, as the formulas of initialisation count it. */
final class Ramp {

  private Ramp() {}

  /** From 0 at the first to 1 at the last of {@code count}; 0 where there is only one. */
  static double along(int index, int count) {
    return count == 1 ? 0 : (double) index / (count - 1);
  }

  /**
   * z |z|, z going from −1 at the first channel of a head to 1 at its last; 0 in heads of one
   * channel.
   */
  static double zigzag(int channel, int headSize) {
    if (headSize == 1) {
      return 0;
    }
    double half = (headSize - 1) / 2.0;
    double z = (channel % headSize - half) / half;
    return z * Math.abs(z);
  }
}
