package rwkv.app.train;

import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;

/** A decay curve made for one model, drawn anew for another. */
final class CurveFit {

  private CurveFit() {}

  /**
   * The same half-lives at the same relative depth and channel, between the nearest in equal
   * ratios; the same curve if the models have the same decays.
   */
  static DecayCurve.Fitted fit(DecayCurve curve, DecayShape shape) {
    double[][] halfLives = new double[shape.layers()][shape.values()];
    double[][] given = new double[curve.shape().layers()][];
    for (int layer = 0; layer < given.length; layer++) {
      given[layer] = curve.halfLives(layer);
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      double depth = place(layer, shape.layers(), given.length);
      int above = (int) depth;
      int below = Math.min(above + 1, given.length - 1);
      for (int i = 0; i < shape.values(); i++) {
        double at = place(i, shape.values(), given[0].length);
        halfLives[layer][i] = between(at(given[above], at), at(given[below], at), depth - above);
      }
    }
    return DecayCurve.ofHalfLives(shape, halfLives);
  }

  /** Where the {@code i}th of so many lies among others, from 0 to one less than there are. */
  private static double place(int i, int of, int others) {
    return of == 1 ? 0 : (double) i * (others - 1) / (of - 1);
  }

  private static double at(double[] row, double place) {
    int left = (int) place;
    return between(row[left], row[Math.min(left + 1, row.length - 1)], place - left);
  }

  private static double between(double a, double b, double share) {
    return share == 0 ? a : a * Math.pow(b / a, share);
  }
}
