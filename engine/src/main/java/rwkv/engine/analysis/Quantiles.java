package rwkv.engine.analysis;

import java.util.Arrays;

/** Quantiles with linear interpolation between neighbours in order, as NumPy's default. */
public final class Quantiles {

  private Quantiles() {}

  /**
   * The {@code q} quantile: the value at place q · (n − 1) of the sorted numbers, counted from 0.
   *
   * @param values not changed
   * @param q from 0 (the smallest) to 1 (the largest)
   * @return NaN if there are no values
   */
  public static double of(double[] values, double q) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return ofSorted(sorted, sorted.length, q);
  }

  /** As {@link #of}, of the first {@code count} of numbers already in ascending order. */
  public static double ofSorted(double[] ascending, int count, double q) {
    if (count == 0) {
      return Double.NaN;
    }
    double place = q * (count - 1);
    int below = (int) place;
    double low = ascending[below];
    double share = place - below;
    if (share == 0 || low == ascending[below + 1]) {
      return low;
    }
    return low + share * (ascending[below + 1] - low);
  }
}
