package rwkv.engine.analysis;

import java.util.concurrent.CancellationException;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Tensor;

/**
 * What a tensor's numbers are like. Extremes, mean, deviation and histogram are those of the finite
 * numbers, and NaN where there are none; they are computed in double (numbers of type F64 beyond
 * 10^150 may make the deviation infinite).
 *
 * @param count all numbers
 * @param min the smallest
 * @param max the largest
 * @param mean μ = Σ x / n
 * @param deviation of the population, √(Σ (x − μ)² / n)
 * @param zeros how many are zero, of either sign
 * @param nan how many are not numbers
 * @param infinite how many are infinite, of either sign
 * @param histogram of the finite numbers from {@code min} to {@code max}
 */
public record TensorStatistics(
    long count,
    double min,
    double max,
    double mean,
    double deviation,
    long zeros,
    long nan,
    long infinite,
    Histogram histogram) {

  /** Ranges of a histogram. */
  public static final int RANGES = 128;

  /** How many numbers are neither NaN nor infinite. */
  public long finite() {
    return count - nan - infinite;
  }

  /** max |x| of the finite numbers; NaN if there are none. */
  public double largest() {
    return Math.max(Math.abs(min), Math.abs(max));
  }

  /**
   * How far the furthest finite number is from the mean, in deviations: max |x − μ| / σ. A normal
   * distribution of a million numbers reaches about 5; far more means single outliers.
   *
   * @return 0 if all are the same, NaN if there are none
   */
  public double reach() {
    double furthest = Math.max(max - mean, mean - min);
    return furthest == 0 ? 0 : furthest / deviation;
  }

  /** As {@link #of(Tensor, Progress)}, whoever waits. */
  public static TensorStatistics of(Tensor tensor) {
    return of(tensor, Progress.NONE);
  }

  /**
   * Reads a tensor once or twice. Takes less than a megabyte however large the tensor is.
   *
   * @param progress is asked before the first number and then every few ten thousand
   * @throws CancellationException if {@code progress} ended it
   */
  public static TensorStatistics of(Tensor tensor, Progress progress) {
    return CodeCounter.suits(tensor.dtype())
        ? CodeCounter.read(tensor, progress)
        : new StatisticsReader(tensor, progress).read();
  }

  static TensorStatistics of(Moments moments, long nan, long infinite, Histogram histogram) {
    return new TensorStatistics(
        moments.count() + nan + infinite,
        moments.min(),
        moments.max(),
        moments.mean(),
        moments.deviation(),
        moments.zeros(),
        nan,
        infinite,
        histogram);
  }
}
