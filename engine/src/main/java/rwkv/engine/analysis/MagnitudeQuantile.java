package rwkv.engine.analysis;

import java.util.Arrays;

/**
 * A quantile of |x| over many numbers, from a histogram of their leading bits: one pass, no
 * sorting, and never too small by more than rounding or too large by more than an eighth. Not for
 * two threads.
 */
public final class MagnitudeQuantile {

  /** Sign, exponent and 3 bits of the fraction decide the bin. */
  private static final int DROPPED_BITS = 20;

  private final int[] bins = new int[1 << (31 - DROPPED_BITS)];
  private long count;

  /** Forgets all numbers. */
  public void clear() {
    Arrays.fill(bins, 0);
    count = 0;
  }

  /** Counts every {@code stride}th number. */
  public void add(float[] values, int stride) {
    for (int i = 0; i < values.length; i += stride) {
      bins[(Float.floatToRawIntBits(values[i]) & Integer.MAX_VALUE) >>> DROPPED_BITS]++;
      count++;
    }
  }

  /**
   * The smallest bin edge that at least {@code q} of the magnitudes do not exceed.
   *
   * @param q from 0 to 1
   * @return 0 if nothing was counted or that share is exactly zero
   */
  public float at(double q) {
    long wanted = (long) Math.ceil(q * count);
    long below = 0;
    for (int bin = 0; bin < bins.length && wanted > 0; bin++) {
      below += bins[bin];
      if (below >= wanted) {
        return bin == 0 ? 0 : Math.min(upperEdge(bin), Float.MAX_VALUE);
      }
    }
    return 0;
  }

  private static float upperEdge(int bin) {
    return Float.intBitsToFloat((bin + 1) << DROPPED_BITS);
  }
}
