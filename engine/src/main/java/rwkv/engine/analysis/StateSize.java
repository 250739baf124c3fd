package rwkv.engine.analysis;

/** Size of a state, or of a part of one such as a head. */
public final class StateSize {

  private StateSize() {}

  /**
   * Root mean square, √(Σ x² / n): for a head ‖S‖_F / N with N the head size.
   *
   * @param values of which {@code count} from {@code from} on are meant
   */
  public static double rms(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) values[i] * values[i];
    }
    return count == 0 ? 0 : Math.sqrt(sum / count);
  }

  /** Largest magnitude, max |x|; numbers that are not finite are passed over. */
  public static float max(float[] values, int from, int count) {
    float max = 0;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, Math.abs(values[i]));
    }
    return max <= Float.MAX_VALUE ? max : maxOfFinite(values, from, count);
  }

  private static float maxOfFinite(float[] values, int from, int count) {
    float max = 0;
    for (int i = from; i < from + count; i++) {
      float size = Math.abs(values[i]);
      if (size > max && size <= Float.MAX_VALUE) {
        max = size;
      }
    }
    return max;
  }

  /**
   * Relative movement, ‖x − y‖ / ‖x‖ (Euclidean).
   *
   * @param now x, the first {@code count} numbers
   * @param before y, likewise
   * @return 0 if {@code now} is all zero
   */
  public static double change(float[] now, float[] before, int count) {
    double moved = 0;
    double size = 0;
    for (int i = 0; i < count; i++) {
      double step = (double) now[i] - before[i];
      moved += step * step;
      size += (double) now[i] * now[i];
    }
    return size == 0 ? 0 : Math.sqrt(moved / size);
  }
}
