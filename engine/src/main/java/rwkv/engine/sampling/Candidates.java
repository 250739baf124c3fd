package rwkv.engine.sampling;

import java.util.Arrays;

/**
 * The tokens that truncation leaves, likeliest first where it sorted them.
 *
 * @param weights of the draw: probabilities after temperature, not normalised
 */
record Candidates(int[] tokens, double[] weights) {

  static Candidates of(float[] logits, int likeliest, SamplerSettings settings) {
    double[] p = softmax(logits, logits[likeliest]);
    boolean truncates = settings.topK() > 0 || settings.topP() < 1 || settings.minP() > 0;
    int[] kept = truncates ? truncate(p, p[likeliest], settings) : allPossible(p);
    double[] weights = new double[kept.length];
    for (int i = 0; i < kept.length; i++) {
      double relative = p[kept[i]] / p[likeliest];
      weights[i] =
          settings.temperature() == 1 ? relative : Math.pow(relative, 1 / settings.temperature());
    }
    return new Candidates(kept, weights);
  }

  private static double[] softmax(float[] logits, float max) {
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private static int[] allPossible(double[] p) {
    int[] tokens = new int[p.length];
    int count = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0) {
        tokens[count++] = i;
      }
    }
    return Arrays.copyOf(tokens, count);
  }

  /** Top-k, then top-p (ties with the last one kept stay), then min-p. */
  private static int[] truncate(double[] p, double most, SamplerSettings settings) {
    int[] sorted = sorted(p, most, settings);
    int count = sorted.length;
    if (settings.topK() > 0) {
      count = Math.min(count, settings.topK());
    }
    if (settings.topP() < 1) {
      double sum = 0;
      int last = 0;
      while (last < count && (sum += p[sorted[last]]) < settings.topP()) {
        last++;
      }
      double cutoff = p[sorted[Math.min(last, count - 1)]];
      while (last < count && p[sorted[last]] >= cutoff) {
        last++;
      }
      count = last;
    }
    while (count > 1 && p[sorted[count - 1]] < settings.minP() * most) {
      count--;
    }
    return Arrays.copyOf(sorted, count);
  }

  /**
   * Tokens by falling probability, equal ones by id. What top-p or min-p cannot keep is left out
   * before the sort: all tokens under (1 − top-p) / vocabulary together are less than 1 − top-p.
   */
  private static int[] sorted(double[] p, double most, SamplerSettings settings) {
    double least = Math.max((1 - settings.topP()) / p.length, settings.minP() * most);
    least = Math.min(least, most);
    long[] keys = new long[p.length];
    int count = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] >= least && p[i] > 0) {
        keys[count++] = (long) Float.floatToIntBits((float) p[i]) << 32 | (~i & 0xffffffffL);
      }
    }
    Arrays.sort(keys, 0, count);
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = ~(int) keys[count - 1 - i];
    }
    return tokens;
  }
}
