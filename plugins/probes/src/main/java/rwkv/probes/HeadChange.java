package rwkv.probes;

/**
 * How the change of a head's state fades: its size since it was largest, beside what decay alone
 * would have left of it.
 *
 * <p>The size is ‖ΔS‖, the root of the mean over trials of ‖S′ − S‖²_F. What decay alone leaves is
 * the same of ΔS diag(Πw), ΔS being the change where it was largest.
 */
final class HeadChange {

  private final int columns;
  private final double[] norms;
  private final double[] sums;
  private double peak;
  private int peakAt;
  private double relative;
  private final Falling measured = new Falling();
  private final Falling predicted = new Falling();

  /** The size at one point, as shares of the largest. */
  record Point(double measured, double predicted) {}

  /**
   * @param trials sequences that were changed
   * @param columns key dimensions
   */
  HeadChange(int trials, int columns) {
    this.columns = columns;
    this.norms = new double[trials * columns];
    this.sums = new double[trials * columns];
  }

  /**
   * Adds a point.
   *
   * @param tokens since the changed token
   * @param squares of the change, {@code [trials, columns]}
   * @param size mean of ‖S‖²_F over the trials
   * @param lnW Σ ln w since the beginning, {@code [trials, columns]}
   */
  Point add(int tokens, double[] squares, double size, double[] lnW) {
    int trials = squares.length / columns;
    double change = 0;
    for (double square : squares) {
      change += square;
    }
    change = Math.sqrt(change / trials);
    if (change > peak) {
      peak = change;
      peakAt = tokens;
      relative = change / Math.sqrt(size);
      System.arraycopy(squares, 0, norms, 0, norms.length);
      System.arraycopy(lnW, 0, sums, 0, sums.length);
      measured.begin(tokens);
      predicted.begin(tokens);
      return new Point(1, 1);
    }
    if (peak == 0) {
      return new Point(0, 0);
    }
    double left = 0;
    for (int i = 0; i < norms.length; i++) {
      left += norms[i] * Math.exp(2 * (lnW[i] - sums[i]));
    }
    Point point = new Point(change / peak, Math.sqrt(left / trials) / peak);
    measured.add(tokens, point.measured);
    predicted.add(tokens, point.predicted);
    return point;
  }

  /** Whether the state changed at all. */
  boolean changed() {
    return peak > 0;
  }

  /** Tokens from the changed one to where the change was largest. */
  int peakAt() {
    return peakAt;
  }

  /** The change where it was largest, as a share of the state's size there. */
  double relative() {
    return relative;
  }

  /** Tokens from there until it was half as large; infinite if it has not become so. */
  double halfLife() {
    return measured.halfLife();
  }

  /** The same if only decay had acted. */
  double predictedHalfLife() {
    return predicted.halfLife();
  }

  /** When something that was 1 is a half, on a straight line in the logarithm between points. */
  static final class Falling {
    private int start;
    private int before;
    private double value;
    private double halfLife;

    Falling() {
      begin(0);
    }

    /** It is 1. */
    void begin(int tokens) {
      start = tokens;
      before = tokens;
      value = 1;
      halfLife = Double.POSITIVE_INFINITY;
    }

    void add(int tokens, double share) {
      if (halfLife == Double.POSITIVE_INFINITY && share <= 0.5) {
        double along = Math.log(value / 0.5) / Math.log(value / share);
        halfLife = before + along * (tokens - before) - start;
      }
      before = tokens;
      value = share;
    }

    double halfLife() {
      return halfLife;
    }
  }
}
