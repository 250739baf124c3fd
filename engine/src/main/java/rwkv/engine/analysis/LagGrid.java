package rwkv.engine.analysis;

/**
 * Distances in tokens in equal ratios, n = 2^(p / perOctave), and what decay alone leaves of a
 * write at each of them.
 */
public final class LagGrid {

  private final int perOctave;
  private final double[] lags;

  /**
   * @param octaves how often the distance doubles, from 1 token on
   * @param perOctave distances until it has doubled
   */
  public LagGrid(int octaves, int perOctave) {
    if (octaves < 1 || perOctave < 1) {
      throw new IllegalArgumentException(octaves + " octaves of " + perOctave);
    }
    this.perOctave = perOctave;
    this.lags = new double[octaves * perOctave + 1];
    for (int p = 0; p < lags.length; p++) {
      lags[p] = Math.scalb(Math.pow(2, (double) (p % perOctave) / perOctave), p / perOctave);
    }
  }

  /** How many distances. */
  public int size() {
    return lags.length;
  }

  /** A distance, in tokens. */
  public double lag(int p) {
    return lags[p];
  }

  /** A copy of all distances, ascending, in tokens. */
  public double[] lags() {
    return lags.clone();
  }

  /** The place of the largest distance that is at most {@code tokens}; 0 below 1 token. */
  public int at(double tokens) {
    double place = Math.log(Math.max(1, tokens)) / Math.log(2) * perOctave;
    return Math.clamp((long) Math.floor(place + 1e-9), 0, lags.length - 1);
  }

  /**
   * What is left of a write after every distance, wⁿ = 2^(−n / halfLife). An octave on, it is the
   * square of what it was: few exponentials, and exact to about one part in 10¹⁰.
   *
   * @param halfLife in tokens, at least 0; may be infinite
   * @param into receives the shares, 0 to 1, {@code [size]}
   */
  public void response(double halfLife, double[] into) {
    double lnW = -Math.log(2) / halfLife;
    for (int p = 0; p < lags.length; p++) {
      into[p] = p < perOctave ? Math.exp(lnW * lags[p]) : into[p - perOctave] * into[p - perOctave];
    }
  }
}
