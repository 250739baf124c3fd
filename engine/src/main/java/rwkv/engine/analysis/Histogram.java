package rwkv.engine.analysis;

/**
 * How often numbers fall into ranges of equal width between two bounds. A number on the edge of two
 * ranges belongs to the upper one, the upper bound itself to the last. Where both bounds are the
 * same, all numbers are in the middle range.
 */
public final class Histogram {

  private final double from;
  private final double to;
  private final long[] counts;

  /**
   * @param from lower bound; NaN if nothing was counted
   * @param to upper bound, not below {@code from}
   * @param counts how many numbers are in each range, lowest first; at least one range
   */
  public Histogram(double from, double to, long... counts) {
    if (counts.length == 0 || from > to) {
      throw new IllegalArgumentException(counts.length + " ranges from " + from + " to " + to);
    }
    this.from = from;
    this.to = to;
    this.counts = counts.clone();
  }

  /** Lower bound of the first range; NaN if nothing was counted. */
  public double from() {
    return from;
  }

  /** Upper bound of the last range; NaN if nothing was counted. */
  public double to() {
    return to;
  }

  /** How many ranges. */
  public int size() {
    return counts.length;
  }

  /** How many numbers are in a range. */
  public long count(int range) {
    return counts[range];
  }

  /** How many numbers are in all ranges. */
  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /** How many numbers are in the fullest range. */
  public long fullest() {
    long fullest = 0;
    for (long count : counts) {
      fullest = Math.max(fullest, count);
    }
    return fullest;
  }

  /** Lower edge of a range; of {@link #size()}, the upper bound. */
  public double edge(int range) {
    double share = (double) range / counts.length;
    return from * (1 - share) + to * share;
  }

  /** The range a finite number between the bounds falls into. */
  public int rangeOf(double x) {
    return new Ranges(from, to, counts.length).of(x);
  }

  /** How many numbers are in each range, lowest first. */
  public long[] counts() {
    return counts.clone();
  }
}
