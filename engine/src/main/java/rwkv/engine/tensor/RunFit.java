package rwkv.engine.tensor;

import java.util.Arrays;

/**
 * Looks for the scale and the offset with which integers stand for a run of numbers: x ≈ scale · q
 * + offset, 0 ≤ q ≤ top. Each candidate spreads the integers over a little less or more than the
 * range of the numbers, takes the nearest integers, and the scale (and offset) that fit those
 * integers best by weighted least squares. Numbers at the edge may be cut off where that serves the
 * others.
 */
final class RunFit {

  /** What rounds to infinity in f16. */
  static final float F16_END = 65520;

  private static final float SMALLEST_HALF = 0x1p-24f;

  /** How much of an integer the range is made narrower and wider, at most, and in what steps. */
  private static final float REACH = 1;

  private static final float STEP = 0.25f;

  private final float[] weights;
  private final boolean half;
  private float scale;
  private float offset;
  private double error;
  private double least;
  private float bestScale;
  private float bestOffset;

  /**
   * @param size of the runs
   * @param half whether scale and offset will be stored as f16, and are chosen among those
   */
  RunFit(int size, boolean half) {
    this.weights = new float[size];
    this.half = half;
    Arrays.fill(weights, 1);
  }

  float scale() {
    return scale;
  }

  float offset() {
    return offset;
  }

  /** Gives numbers weight by their size: root mean square plus |x|. */
  void weigh(float[] x, int from) {
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      squares += (double) x[from + i] * x[from + i];
    }
    float mean = (float) Math.sqrt(squares / weights.length);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = mean + Math.abs(x[from + i]);
    }
  }

  /** Fits x ≈ scale · (q − middle), q below 2 · middle; the scale may be negative. */
  void symmetric(float[] x, int from, int middle) {
    float extreme = 0;
    for (int i = from; i < from + weights.length; i++) {
      if (Math.abs(x[i]) > Math.abs(extreme)) {
        extreme = x[i];
      }
    }
    begin();
    // The extreme number becomes the lowest integer: there is one more below zero than above.
    offerSymmetric(x, from, -extreme / middle, middle);
    if (error > 0 && extreme != 0) {
      double least = Double.POSITIVE_INFINITY;
      float best = 0;
      for (float d = -REACH; d <= REACH; d += STEP) {
        float inverse = -(middle + d) / extreme;
        double product = 0;
        double squares = 0;
        for (int i = 0; i < weights.length; i++) {
          int q = integer(x[from + i] * inverse + middle, 2 * middle - 1) - middle;
          float weighted = weights[i] * q;
          product += weighted * x[from + i];
          squares += weighted * q;
        }
        float s = (float) (product / squares);
        double e = s * (s * squares - 2 * product);
        if (e < least) {
          least = e;
          best = s;
        }
      }
      offerSymmetric(x, from, best, middle);
    }
  }

  private void offerSymmetric(float[] x, int from, float s, int middle) {
    float rounded = half ? nearestHalf(s) : s;
    offer(x, from, rounded, -middle * rounded, 2 * middle - 1);
  }

  /**
   * Fits x ≈ scale · q + offset.
   *
   * @param top largest integer
   * @param signed whether the offset may be above zero
   */
  void affine(float[] x, int from, int top, boolean signed) {
    float low = signed ? x[from] : Math.min(x[from], 0);
    float high = x[from];
    for (int i = from; i < from + weights.length; i++) {
      low = Math.min(low, x[i]);
      high = Math.max(high, x[i]);
    }
    begin();
    offerRange(x, from, low, high, top);
    if (error > 0 && high > low) {
      least = Double.POSITIVE_INFINITY;
      for (float d = -REACH; d <= REACH; d += STEP) {
        fit(x, from, low, (top + d) / (high - low), top, signed);
      }
      offer(x, from, bestScale, bestOffset, top);
    }
  }

  private void offerRange(float[] x, int from, float low, float high, int top) {
    float first = half ? half(low) : low;
    offerRange(x, from, first, top, high);
    if (first > low) {
      // Rounded up, the offset leaves the lowest numbers out of reach.
      offerRange(x, from, half(first - Math.ulp(first) * 0x1p13f), top, high);
    }
  }

  private void offerRange(float[] x, int from, float first, int top, float high) {
    float s = Math.max(0, high - first) / top;
    offer(x, from, half ? nearestHalf(s) : s, first, top);
  }

  private void fit(float[] x, int from, float low, float inverse, int top, boolean signed) {
    double w = 0;
    double wx = 0;
    double wq = 0;
    double wqq = 0;
    double wxq = 0;
    for (int i = 0; i < weights.length; i++) {
      float value = x[from + i];
      int q = integer((value - low) * inverse, top);
      float weighted = weights[i] * q;
      w += weights[i];
      wx += weights[i] * value;
      wq += weighted;
      wqq += weighted * q;
      wxq += weighted * value;
    }
    double determinant = w * wqq - wq * wq;
    if (determinant > 0) {
      double s = (w * wxq - wx * wq) / determinant;
      double o = (wqq * wx - wq * wxq) / determinant;
      if (!signed && o > 0) {
        o = 0;
        s = wxq / wqq;
      }
      s = half ? nearestHalf((float) s) : (float) s;
      o = half ? half((float) o) : (float) o;
      double e = s * (s * wqq + 2 * (o * wq - wxq)) + o * (o * w - 2 * wx);
      if (e < least) {
        least = e;
        bestScale = (float) s;
        bestOffset = (float) o;
      }
    }
  }

  private void begin() {
    scale = 0;
    offset = 0;
    error = Double.POSITIVE_INFINITY;
  }

  private void offer(float[] x, int from, float s, float o, int top) {
    double e = error(x, from, s, o, top);
    if (e < error || Double.isInfinite(error)) {
      scale = s;
      offset = o;
      error = e;
    }
  }

  /** Σ weight · (x − (scale · q + offset))² with the nearest integers. */
  double error(float[] x, int from, float s, float o, int top) {
    float inverse = inverse(s);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      float value = x[from + i];
      float d = value - (s * integer((value - o) * inverse, top) + o);
      sum += (double) weights[i] * d * d;
    }
    return sum;
  }

  /** What to multiply with instead of dividing by a scale; 0 for a scale that is as good as 0. */
  static float inverse(float scale) {
    return Math.abs(scale) < Float.MIN_NORMAL ? 0 : 1 / scale;
  }

  /** The nearest integer from 0 to {@code top}. */
  static int integer(float value, int top) {
    return Math.clamp((int) (value + 0.5f), 0, top);
  }

  /** The nearest number of f16, but none that is 0 for one that is not. */
  static float nearestHalf(float value) {
    float nearest = half(value);
    return nearest == 0 && value != 0 ? Math.copySign(SMALLEST_HALF, value) : nearest;
  }

  private static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }
}
