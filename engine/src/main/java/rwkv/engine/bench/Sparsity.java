package rwkv.engine.bench;

/**
 * Which share of channel mixing's activations is to be exactly zero: those whose key is not above
 * zero. Without a choice random keys are positive or negative alike, and half of them are zero.
 *
 * <p>Where a share is chosen, the first channels that enter the keys are a constant u instead, and
 * the weights of every key there are −1/√C. So all keys are lowered by the same, and which of them
 * remain above zero still changes from token to token, as it does in trained models.
 *
 * @param zeros the share, at least 0 and below 1; NaN for no choice
 */
record Sparsity(double zeros) {

  static final Sparsity NOT_CHOSEN = new Sparsity(Double.NaN);

  /** The quantile that stands for none: one key in thirty thousand. */
  private static final double MOST = 4;

  Sparsity {
    if (!Double.isNaN(zeros) && !(zeros >= 0 && zeros < 1)) {
      throw new IllegalArgumentException(
          "a share of zeros of " + zeros + ", it must be at least 0 and below 1");
    }
  }

  boolean chosen() {
    return !Double.isNaN(zeros);
  }

  /**
   * The constant u of the first channels: keys have a deviation of {@code √((C − lead) / C)} and
   * are lowered by {@code lead · u / √C}.
   *
   * @param channels C
   * @throws IllegalArgumentException if no channels remain beside those
   */
  double input(int channels) {
    int rest = channels - RandomNumbers.LEAD;
    if (rest < 1) {
      throw new IllegalArgumentException(
          "a share of zeros can be chosen for more than %d channels, not %d"
              .formatted(RandomNumbers.LEAD, channels));
    }
    return quantile() * Math.sqrt(rest) / RandomNumbers.LEAD;
  }

  /** By how much squares are larger than without a choice, where keys are raised. */
  double growth() {
    double raised = chosen() ? Math.max(0, -quantile()) : 0;
    return 1 + raised * raised;
  }

  /** Below which a standard normal number is with the probability {@code zeros}; by bisection. */
  private double quantile() {
    double low = -MOST;
    double high = MOST;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (normal(middle) < zeros) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The probability of a standard normal number below x, by Simpson's rule. */
  private static double normal(double x) {
    int steps = 200;
    double h = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      int weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-i * h * i * h / 2);
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }
}
