package rwkv.engine.analysis;

/**
 * Mean and variance of a stream of finite numbers, chunk by chunk: each chunk in two passes, chunks
 * put together as Chan, Golub and LeVeque do, so that nothing is lost however many numbers there
 * are and however far from zero they lie. With it the extremes and the number of zeros.
 */
final class Moments {

  private long count;
  private long zeros;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double mean;

  /** Σ (x − mean)². */
  private double squares;

  /**
   * Takes the first {@code n} of a chunk.
   *
   * @param sum of these numbers, as {@link #sum} has it
   */
  void add(double[] chunk, int n, double sum) {
    if (n == 0) {
      return;
    }
    double chunkMean = Double.isFinite(sum) ? sum / n : carefulMean(chunk, n);
    extremes(chunk, n);
    add(n, chunkMean, squares(chunk, n, chunkMean));
  }

  /** Takes {@code n} times the same number. */
  void add(double number, long n) {
    if (n == 0) {
      return;
    }
    min = Math.min(min, number);
    max = Math.max(max, number);
    zeros += number == 0 ? n : 0;
    add(n, number, 0);
  }

  private void add(long n, double otherMean, double otherSquares) {
    long together = count + n;
    double share = (double) n / together;
    double delta = otherMean - mean;
    squares += otherSquares + delta * delta * count * share;
    mean = Double.isFinite(delta) ? mean + delta * share : mean * (1 - share) + otherMean * share;
    count = together;
  }

  /** For numbers so large that their sum is infinite. */
  private static double carefulMean(double[] x, int n) {
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += x[i] / n;
    }
    return mean;
  }

  // Several sums each, because one step must otherwise wait for the one before.

  /** Σ x; finite only if all are. */
  static double sum(double[] x, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < n; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  private static double squares(double[] x, int n, double middle) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      a += (x[i] - middle) * (x[i] - middle);
      b += (x[i + 1] - middle) * (x[i + 1] - middle);
      c += (x[i + 2] - middle) * (x[i + 2] - middle);
      d += (x[i + 3] - middle) * (x[i + 3] - middle);
    }
    for (; i < n; i++) {
      a += (x[i] - middle) * (x[i] - middle);
    }
    return a + b + (c + d);
  }

  private void extremes(double[] x, int n) {
    double low = min;
    double high = max;
    int zero = 0;
    for (int i = 0; i < n; i++) {
      double number = x[i];
      // Extremes become rare soon, so these are never taken and cost next to nothing.
      if (number < low) {
        low = number;
      }
      if (number > high) {
        high = number;
      }
      if (number == 0) {
        zero++;
      }
    }
    min = low;
    max = high;
    zeros += zero;
  }

  long count() {
    return count;
  }

  long zeros() {
    return zeros;
  }

  /** NaN if there were no numbers. */
  double min() {
    return count == 0 ? Double.NaN : min;
  }

  /** NaN if there were no numbers. */
  double max() {
    return count == 0 ? Double.NaN : max;
  }

  /** NaN if there were no numbers. */
  double mean() {
    // Rounding may carry the mean of equal numbers past them.
    return count == 0 ? Double.NaN : Math.clamp(mean, min, max);
  }

  /** √(Σ (x − mean)² / n); NaN if there were no numbers. */
  double deviation() {
    return count == 0 ? Double.NaN : min == max ? 0 : Math.sqrt(squares / count);
  }
}
