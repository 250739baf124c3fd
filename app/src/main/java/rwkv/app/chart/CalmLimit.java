package rwkv.app.chart;

/**
 * The end of a scale that a person looks at while numbers move. It grows at once when a number
 * would not fit, shrinks only after everything has fitted into a smaller one for {@value #PATIENCE}
 * seconds, and is always 1, 2 or 5 times a power of ten, so that a legend has calm numbers.
 */
public final class CalmLimit {

  /** Seconds without need before the limit shrinks. */
  public static final double PATIENCE = 4;

  /** A smaller limit must leave this much room, so that it does not have to grow back at once. */
  private static final double ROOM = 1.1;

  /** Numbers are floats: 0.1f is not to count as more than 0.1. */
  private static final double SLACK = 1e-6;

  private double limit;
  private double largest;
  private double since = Double.NaN;

  /** The limit; 0 while nothing but zero has been seen. */
  public double limit() {
    return limit;
  }

  /**
   * Takes note of how far the numbers reach now.
   *
   * @param extent the largest magnitude; 0 and what is not finite are passed over
   * @param seconds now, on a clock of its own
   * @return whether the limit has changed
   */
  public boolean observe(double extent, double seconds) {
    if (!(extent > 0 && extent <= Double.MAX_VALUE)) {
      return false;
    }
    if (extent > limit * (1 + SLACK)) {
      limit = roundUp(extent);
      since = Double.NaN;
      return true;
    }
    if (roundUp(extent * ROOM) >= limit) {
      since = Double.NaN;
      return false;
    }
    return waitToShrink(extent, seconds);
  }

  private boolean waitToShrink(double extent, double seconds) {
    if (Double.isNaN(since)) {
      since = seconds;
      largest = extent;
    }
    largest = Math.max(largest, extent);
    if (seconds - since < PATIENCE) {
      return false;
    }
    limit = roundUp(largest * ROOM);
    since = Double.NaN;
    return true;
  }

  /** Forgets what was seen: the next number decides. */
  public void restart() {
    limit = 0;
    since = Double.NaN;
  }

  /** The smallest of 1, 2, 5 times a power of ten that is at least {@code x}; {@code x} above 0. */
  public static double roundUp(double x) {
    int exponent = (int) Math.floor(Math.log10(x));
    for (int power = exponent - 1; ; power++) {
      for (int digit : new int[] {1, 2, 5}) {
        double step = power < 0 ? digit / Math.pow(10, -power) : digit * Math.pow(10, power);
        if (step >= x * (1 - SLACK)) {
          return step;
        }
      }
    }
  }
}
