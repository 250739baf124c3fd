package rwkv.engine.analysis;

/**
 * What the decays of a layer mean for memory and for learning: how much of a write survives, how
 * much of a gradient reaches back to it, and how much of one trains the decays themselves. Decay
 * alone is counted, every channel alike.
 *
 * <pre>
 *   mean(n) = 1/C Σ wⱼⁿ     rms(n) = √(1/C Σ wⱼ²ⁿ)     training(n) = 1/C Σ n wⱼⁿ
 * </pre>
 */
public final class DecayProfile {

  private static final double[] HORIZONS = {1, 10, 100, 1e3, 1e4, 1e5};

  private final double[] mean;
  private final double[] rms;
  private final double[] training;
  private final double[] left = new double[HORIZONS.length];
  private final double[] kept = new double[HORIZONS.length];

  private DecayProfile(int lags) {
    mean = new double[lags];
    rms = new double[lags];
    training = new double[lags];
  }

  /**
   * Measures a layer.
   *
   * @param halfLives of its channels, in tokens, at least 0; may be infinite
   * @param grid the distances to measure at
   * @param threshold share of a write that counts as kept, above 0 and below 1
   */
  public static DecayProfile of(double[] halfLives, LagGrid grid, double threshold) {
    DecayProfile profile = new DecayProfile(grid.size());
    double[] response = new double[grid.size()];
    for (double halfLife : halfLives) {
      grid.response(halfLife, response);
      profile.add(response);
      profile.cover(Math.exp(-Math.log(2) / halfLife), threshold);
    }
    profile.divide(halfLives.length, grid);
    return profile;
  }

  private void add(double[] response) {
    for (int p = 0; p < response.length; p++) {
      mean[p] += response[p];
      rms[p] += response[p] * response[p];
    }
  }

  private void cover(double w, double threshold) {
    double power = w;
    for (int h = 0; h < HORIZONS.length; h++) {
      left[h] += power;
      kept[h] += power > threshold ? 1 : 0;
      double two = power * power;
      double five = two * two * power;
      power = five * five;
    }
  }

  private void divide(int channels, LagGrid grid) {
    int count = Math.max(1, channels);
    for (int p = 0; p < mean.length; p++) {
      mean[p] /= count;
      rms[p] = Math.sqrt(rms[p] / count);
      training[p] = grid.lag(p) * mean[p];
    }
    for (int h = 0; h < HORIZONS.length; h++) {
      left[h] /= count;
      kept[h] /= count;
    }
  }

  /** How many distances coverage is measured at. */
  public static int horizons() {
    return HORIZONS.length;
  }

  /** A distance that coverage is measured at: 1, 10, 100, 1 000, 10 000, 100 000 tokens. */
  public static double horizon(int h) {
    return HORIZONS[h];
  }

  /** The share of a write that is left after a horizon, 0 to 1: mean over channels. */
  public double left(int horizon) {
    return left[horizon];
  }

  /** The share of channels, 0 to 1, that keep more than the threshold over a horizon. */
  public double kept(int horizon) {
    return kept[horizon];
  }

  /** Mean over channels of wⁿ at a distance of the grid. */
  public double mean(int p) {
    return mean[p];
  }

  /** Root mean square over channels of wⁿ: the size of the gradient that reaches a write. */
  public double rms(int p) {
    return rms[p];
  }

  /** Mean over channels of n wⁿ = ∂wⁿ/∂ln w: the size of the gradient that trains the decays. */
  public double training(int p) {
    return training[p];
  }
}
