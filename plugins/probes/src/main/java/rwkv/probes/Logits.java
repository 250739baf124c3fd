package rwkv.probes;

/**
 * Rows of logits as predictions of the next token. All logarithms are natural ones, sums go from
 * the first token of the vocabulary to the last, in double.
 */
final class Logits {

  private Logits() {}

  /** ln Σ eˣ of a row. */
  static double logarithmOfSum(float[] x) {
    return logarithmOfSum(x, 0, x.length);
  }

  /** ln Σ eˣ of {@code count} numbers. */
  static double logarithmOfSum(float[] x, int at, int count) {
    double largest = x[likeliest(x, at, count)];
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      sum += Math.exp(x[i] - largest);
    }
    return largest + Math.log(sum);
  }

  /** −ln p(target), in nats. */
  static double loss(float[] x, int target) {
    return logarithmOfSum(x) - x[target];
  }

  /** The likeliest token; the first of several. */
  static int likeliest(float[] x) {
    return likeliest(x, 0, x.length);
  }

  private static int likeliest(float[] x, int at, int count) {
    int best = at;
    for (int i = at; i < at + count; i++) {
      best = x[i] > x[best] ? i : best;
    }
    return best;
  }

  /** KL(p ‖ q) = Σ p ln(p / q) of the predictions of two rows of logits, in nats. */
  static double divergence(float[] p, float[] q) {
    return divergence(p, q, 0, p.length);
  }

  /** The same of the {@code count} logits from {@code at} on. */
  static double divergence(float[] p, float[] q, int at, int count) {
    double pTotal = logarithmOfSum(p, at, count);
    double qTotal = logarithmOfSum(q, at, count);
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      double ln = p[i] - pTotal;
      sum += Math.exp(ln) * (ln - (q[i] - qTotal));
    }
    return sum;
  }
}
