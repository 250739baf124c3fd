package rwkv.app.generate;

import java.util.Locale;

/**
 * How fast to generate, on a slider: logarithmic from 2 to 1000 tokens a second, then unlimited.
 * Round numbers attract the slider.
 */
public final class Pace {

  /** The slider's left end: 2 tokens a second. */
  public static final double SLOWEST = 2;

  /** The fastest that is limited. */
  public static final double FASTEST = 1000;

  private static final double[] ROUND = {2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000};
  private static final double ATTRACTION = 0.012;
  private static final double UNLIMITED_FROM = 0.95;
  private static final double LIMITED_END = 0.92;

  private Pace() {}

  /**
   * Tokens a second at a slider position.
   *
   * @param position 0 to 1
   */
  public static double at(double position) {
    if (position >= UNLIMITED_FROM) {
      return Double.POSITIVE_INFINITY;
    }
    double part = Math.clamp(position / LIMITED_END, 0, 1);
    double speed = SLOWEST * Math.pow(FASTEST / SLOWEST, part);
    for (double round : ROUND) {
      if (Math.abs(position(round) - position) < ATTRACTION) {
        return round;
      }
    }
    return Math.round(speed);
  }

  /** The slider position of a speed. */
  public static double position(double tokensPerSecond) {
    if (tokensPerSecond > FASTEST) {
      return 1;
    }
    double speed = Math.max(SLOWEST, tokensPerSecond);
    return LIMITED_END * Math.log(speed / SLOWEST) / Math.log(FASTEST / SLOWEST);
  }

  /** As in "5/s" or "unlimited". */
  public static String text(double tokensPerSecond) {
    return Double.isInfinite(tokensPerSecond)
        ? "unlimited"
        : String.format(Locale.ROOT, "%.0f/s", tokensPerSecond);
  }

  /** The next round number up or down, for keys. */
  public static double next(double tokensPerSecond, boolean faster) {
    if (faster) {
      for (double round : ROUND) {
        if (round > tokensPerSecond) {
          return round;
        }
      }
      return Double.POSITIVE_INFINITY;
    }
    for (int i = ROUND.length - 1; i >= 0; i--) {
      if (ROUND[i] < tokensPerSecond) {
        return ROUND[i];
      }
    }
    return SLOWEST;
  }
}
