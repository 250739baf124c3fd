package rwkv.probes;

/** What is predicted at one place, to compare many others with. */
final class Prediction {

  private final double[] logarithms;
  private final double[] probabilities;

  Prediction(int vocabulary) {
    logarithms = new double[vocabulary];
    probabilities = new double[vocabulary];
  }

  /** Takes up a row of logits, which may be overwritten then. */
  void set(float[] logits) {
    double total = Logits.logarithmOfSum(logits);
    for (int i = 0; i < logits.length; i++) {
      logarithms[i] = logits[i] - total;
      probabilities[i] = Math.exp(logarithms[i]);
    }
  }

  /** −ln p(target), in nats. */
  double loss(int target) {
    return -logarithms[target];
  }

  /**
   * KL(p ‖ q) in nats, p being this.
   *
   * @param logits of q
   * @param total ln Σ eˣ of them
   */
  double divergence(float[] logits, double total) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += probabilities[i] * (logarithms[i] - (logits[i] - total));
    }
    return sum;
  }
}
