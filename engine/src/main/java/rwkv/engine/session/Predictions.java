package rwkv.engine.session;

import rwkv.engine.session.Event.Prediction;

/** What logits expected of a token. */
final class Predictions {

  private static final int TOP = 10;

  private Predictions() {}

  /**
   * @param logits rows of {@code vocabulary} numbers
   * @param at where the row begins
   * @param token the token that came
   */
  static Prediction of(float[] logits, int at, int vocabulary, int token) {
    int[] top = top(logits, at, vocabulary);
    double max = logits[at + top[0]];
    double sum = 0;
    for (int i = at; i < at + vocabulary; i++) {
      sum += Math.exp(logits[i] - max);
    }
    float[] probabilities = new float[top.length];
    for (int i = 0; i < top.length; i++) {
      probabilities[i] = (float) (Math.exp(logits[at + top[i]] - max) / sum);
    }
    float probability = (float) (Math.exp(logits[at + token] - max) / sum);
    return new Prediction(probability, top, probabilities);
  }

  /** The likeliest tokens by insertion: one pass, and few tokens ever enter. */
  private static int[] top(float[] logits, int at, int vocabulary) {
    int[] best = new int[Math.min(TOP, vocabulary)];
    int count = 0;
    for (int token = 0; token < vocabulary; token++) {
      float logit = logits[at + token];
      if (count == best.length && !(logit > logits[at + best[count - 1]])) {
        continue;
      }
      int place = count < best.length ? count++ : count - 1;
      while (place > 0 && logit > logits[at + best[place - 1]]) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = token;
    }
    return best;
  }
}
