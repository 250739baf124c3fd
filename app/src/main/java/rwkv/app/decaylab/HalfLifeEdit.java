package rwkv.app.decaylab;

/** Something done to the half-lives of a layer. */
@FunctionalInterface
interface HalfLifeEdit {

  /**
   * Changes some of them in place.
   *
   * @param halfLives of every channel, in tokens
   */
  void apply(double[] halfLives);

  /**
   * Multiplies around a control point: by {@code factor} at the point, fading to 1 at its
   * neighbours as a raised cosine, so that fine structure stays.
   */
  static HalfLifeEdit drag(int channel, double spacing, double factor) {
    return halfLives -> {
      for (int i = 0; i < halfLives.length; i++) {
        double away = Math.abs(i - channel) / Math.max(spacing, 1e-9);
        if (away < 1) {
          halfLives[i] *= Math.pow(factor, 0.5 * (1 + Math.cos(Math.PI * away)));
        }
      }
    };
  }

  /** Sets all channels from one to another, in equal ratios from one half-life to the other. */
  static HalfLifeEdit paint(int from, double fromTokens, int to, double toTokens) {
    return halfLives -> {
      int first = Math.clamp(Math.min(from, to), 0, halfLives.length - 1);
      int last = Math.clamp(Math.max(from, to), 0, halfLives.length - 1);
      for (int i = first; i <= last; i++) {
        double along = from == to ? 1 : Math.clamp((double) (i - from) / (to - from), 0, 1);
        halfLives[i] = fromTokens * Math.pow(toTokens / fromTokens, along);
      }
    };
  }
}
