package rwkv.engine.check;

import java.util.Locale;

/** Collects how far numbers are from what they must be. */
final class Difference {

  private long numbers;
  private double squares;
  private double expectedSquares;
  private double worst;
  private double largest;
  private String where = "";

  /**
   * Takes in numbers, each of which must be within absolute + relative · |expected|. What is no
   * number, or missing, is as far off as can be.
   *
   * @param what they are, for a person
   */
  void add(String what, float[] expected, float[] actual, double absolute, double relative) {
    if (expected.length != actual.length) {
      worse(Double.POSITIVE_INFINITY, "%s: %d numbers, expected %d", what, actual, expected);
    }
    for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
      double error = error(expected[i], actual[i]);
      double allowed = absolute + relative * Math.abs((double) expected[i]);
      numbers++;
      squares += error * error;
      expectedSquares += (double) expected[i] * expected[i];
      largest = Math.max(largest, error);
      double share = error == 0 ? 0 : error / allowed;
      if (share > worst) {
        worst = share;
        where =
            String.format(
                Locale.ROOT, "%s: number %d is %s, expected %s", what, i, actual[i], expected[i]);
      }
    }
  }

  private void worse(double share, String format, String what, float[] actual, float[] expected) {
    worst = share;
    largest = share;
    where = format.formatted(what, actual.length, expected.length);
  }

  private static double error(float expected, float actual) {
    if (expected == actual) {
      return 0;
    }
    double error = Math.abs((double) actual - expected);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** Whether there were numbers, and all were near enough. */
  boolean within() {
    return numbers > 0 && worst <= 1;
  }

  /** How many numbers were compared. */
  long numbers() {
    return numbers;
  }

  /** The largest |actual − expected|. */
  double largest() {
    return largest;
  }

  /** Σ (actual − expected)² / Σ expected², 0 where both are. */
  double nmse() {
    return squares == 0 ? 0 : squares / expectedSquares;
  }

  /** The number that is off by most of what it may be; empty if none is off. */
  String where() {
    return where;
  }
}
