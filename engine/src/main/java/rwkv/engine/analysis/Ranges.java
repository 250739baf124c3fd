package rwkv.engine.analysis;

/** Which of the equal ranges between two bounds a number falls into. */
final class Ranges {

  private final double low;
  private final double perRange;
  private final int last;

  Ranges(double from, double to, int count) {
    // Halves, because the distance of two numbers may be more than a double can say.
    double width = to / 2 - from / 2;
    low = from / 2;
    perRange = width > 0 ? count / width : 0;
    last = count - 1;
  }

  /** The range of a number that is neither NaN nor infinite, from 0 on. */
  int of(double x) {
    return perRange == 0 ? (last + 1) / 2 : Math.min(last, (int) ((x / 2 - low) * perRange));
  }
}
