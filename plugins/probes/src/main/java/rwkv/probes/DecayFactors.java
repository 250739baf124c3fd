package rwkv.probes;

import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayScale;

/** Half-lives multiplied. */
final class DecayFactors {

  private DecayFactors() {}

  /**
   * The raw decay whose half-life is so many times as long, or the nearest that the version can
   * express; exactly the same one for the factor 1.
   */
  static double scaled(DecayScale scale, double raw, double factor) {
    return factor == 1 ? raw : scale.raw(scale.halfLife(raw) * factor);
  }

  /**
   * All half-lives of a model so many times as long.
   *
   * @param clamped how many of them the version cannot express
   */
  record Scaled(DecayCurve curve, int clamped) {

    static Scaled of(DecayCurve own, double factor) {
      if (factor == 1) {
        return new Scaled(own, 0);
      }
      double[][] halfLives = new double[own.shape().layers()][];
      for (int layer = 0; layer < halfLives.length; layer++) {
        halfLives[layer] = own.halfLives(layer);
        for (int i = 0; i < halfLives[layer].length; i++) {
          halfLives[layer][i] *= factor;
        }
      }
      DecayCurve.Fitted fitted = DecayCurve.ofHalfLives(own.shape(), halfLives);
      return new Scaled(fitted.curve(), fitted.clamped());
    }
  }
}
