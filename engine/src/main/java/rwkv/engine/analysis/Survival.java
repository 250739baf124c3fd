package rwkv.engine.analysis;

import java.util.Arrays;

/**
 * How much of what is written into a head is left n tokens later, if only decay is counted. From
 * the decays that the last W tokens used, per key channel j and first token t:
 *
 * <pre>P(j, n, t) = w[t+1][j] · w[t+2][j] · … · w[t+n][j],   0 ≤ t ≤ W − n</pre>
 *
 * <p>Up to n = W these products were really met, one for every t: {@link #channel} is their median,
 * and {@link #head}, {@link #low} and {@link #high} are the median, 10 % and 90 % quantile over t
 * of the mean over the key channels. Beyond W nothing was met: there every channel goes on with its
 * own mean ln w, P(j, n) = exp(n · mean ln w[j]), and no band is known. At n = W the two agree.
 *
 * <p>Long windows are sampled: at most {@value #STARTS} first tokens, evenly spread, for every n.
 * An instance keeps its working arrays, so that measuring again makes no garbage; not for two
 * threads.
 */
public final class Survival {

  /** First tokens looked at for one n, at most. */
  public static final int STARTS = 32;

  private final double[] tokens;
  private final int channels;
  private final double[][] curves;
  private final double[] head;
  private final double[] low;
  private final double[] high;
  private final double[] sample = new double[STARTS];
  private final double[] means = new double[STARTS];
  private double[] sums = {};
  private int window;

  /**
   * @param tokens the n to measure at, ascending, at least 1; those within the window are rounded
   *     to whole tokens
   * @param channels key channels, the head size
   */
  public Survival(double[] tokens, int channels) {
    this.tokens = tokens.clone();
    this.channels = channels;
    this.curves = new double[channels][tokens.length];
    this.head = new double[tokens.length];
    this.low = new double[tokens.length];
    this.high = new double[tokens.length];
  }

  /**
   * Measures.
   *
   * @param decays w at the last tokens, oldest first, [W, head size]; W may be 0
   * @param meanLnW mean ln w to go on with beyond W, by channel
   * @param from the head's first channel in {@code meanLnW}
   */
  public void measure(float[][] decays, float[] meanLnW, int from) {
    window = decays.length;
    accumulate(decays);
    for (int p = 0; p < tokens.length; p++) {
      if (tokens[p] <= window) {
        within(p, (int) Math.round(tokens[p]));
      } else {
        beyond(p, meanLnW, from);
      }
    }
  }

  /** Running sums of ln w, [W + 1, channels]. */
  private void accumulate(float[][] decays) {
    int needed = (window + 1) * channels;
    if (sums.length < needed) {
      sums = new double[needed];
    }
    Arrays.fill(sums, 0, channels, 0);
    for (int t = 0; t < window; t++) {
      for (int j = 0; j < channels; j++) {
        sums[(t + 1) * channels + j] = sums[t * channels + j] + logarithm(decays[t][j]);
      }
    }
  }

  /** ln w, finite even where a decay is stored as 0. */
  private static double logarithm(float w) {
    return Math.log(Math.max(w, Float.MIN_VALUE));
  }

  private void within(int p, int n) {
    int starts = window - n + 1;
    int looked = Math.min(starts, STARTS);
    Arrays.fill(means, 0, looked, 0);
    for (int j = 0; j < channels; j++) {
      for (int s = 0; s < looked; s++) {
        int t = looked == 1 ? 0 : (int) ((long) s * (starts - 1) / (looked - 1));
        sample[s] = Math.exp(sums[(t + n) * channels + j] - sums[t * channels + j]);
        means[s] += sample[s];
      }
      Arrays.sort(sample, 0, looked);
      curves[j][p] = Quantiles.ofSorted(sample, looked, 0.5);
    }
    Arrays.sort(means, 0, looked);
    head[p] = Quantiles.ofSorted(means, looked, 0.5) / channels;
    low[p] = Quantiles.ofSorted(means, looked, 0.1) / channels;
    high[p] = Quantiles.ofSorted(means, looked, 0.9) / channels;
  }

  private void beyond(int p, float[] meanLnW, int from) {
    double sum = 0;
    for (int j = 0; j < channels; j++) {
      curves[j][p] = Math.exp(tokens[p] * meanLnW[from + j]);
      sum += curves[j][p];
    }
    head[p] = sum / channels;
    low[p] = Double.NaN;
    high[p] = Double.NaN;
  }

  /** The n measured at, in tokens. */
  public double[] tokens() {
    return tokens;
  }

  /** How many tokens the last measurement reached over; from there on all is extrapolated. */
  public int window() {
    return window;
  }

  /** What is left in key channel {@code j}, 0 to 1, by n. Overwritten by the next measurement. */
  public double[] channel(int j) {
    return curves[j];
  }

  /** What is left on average over the key channels, 0 to 1, by n: the median over first tokens. */
  public double[] head() {
    return head;
  }

  /**
   * The 10 % quantile over first tokens of the mean over the key channels; NaN beyond the window.
   */
  public double[] low() {
    return low;
  }

  /**
   * The 90 % quantile over first tokens of the mean over the key channels; NaN beyond the window.
   */
  public double[] high() {
    return high;
  }
}
