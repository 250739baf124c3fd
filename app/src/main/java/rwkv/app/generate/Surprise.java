package rwkv.app.generate;

import javafx.scene.paint.Color;

/**
 * The tint of a token: none where the model was sure of it, the full colour where it gave it one in
 * a thousand or less; in between by the logarithm, so that every tenfold is the same step.
 */
final class Surprise {

  private static final double FULL = 3;
  private static final double OPACITY = 0.85;

  private Surprise() {}

  /**
   * How strong the tint is, 0 to 1.
   *
   * @param probability that the model gave the token; NaN for none
   */
  static double strength(double probability) {
    if (Double.isNaN(probability)) {
      return 0;
    }
    return Math.clamp(-Math.log10(Math.max(probability, 1e-30)) / FULL, 0, 1);
  }

  static Color tint(Color full, double probability) {
    return full.deriveColor(0, 1, 1, OPACITY * strength(probability));
  }
}
