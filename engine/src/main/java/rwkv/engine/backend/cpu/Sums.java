package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Sums over a row, or one head of it. Every lane of two vectors is a sum of its own until the end,
 * so of a thousand numbers some sixty are added one after the other: the error is that of a sum of
 * sixty.
 */
final class Sums {

  private Sums() {}

  /** Σ x */
  static float of(float[] x, int at, int n) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    int c = at;
    for (; c <= at + n - 2 * COUNT; c += 2 * COUNT) {
      a = a.add(load(x, c));
      b = b.add(load(x, c + COUNT));
    }
    for (; c <= at + n - COUNT; c += COUNT) {
      a = a.add(load(x, c));
    }
    float sum = Lanes.sum(a.add(b));
    for (; c < at + n; c++) {
      sum += x[c];
    }
    return sum;
  }

  /** Σ (x − mean)² */
  static float squares(float[] x, int at, float mean, int n) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    int c = at;
    for (; c <= at + n - 2 * COUNT; c += 2 * COUNT) {
      FloatVector first = load(x, c).sub(mean);
      FloatVector second = load(x, c + COUNT).sub(mean);
      a = first.fma(first, a);
      b = second.fma(second, b);
    }
    for (; c <= at + n - COUNT; c += COUNT) {
      FloatVector d = load(x, c).sub(mean);
      a = d.fma(d, a);
    }
    float sum = Lanes.sum(a.add(b));
    for (; c < at + n; c++) {
      float d = x[c] - mean;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  /** Σ x y, y beginning elsewhere */
  static float products(float[] x, int at, float[] y, int yAt, int n) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    int c = 0;
    for (; c <= n - 2 * COUNT; c += 2 * COUNT) {
      a = load(x, at + c).fma(load(y, yAt + c), a);
      b = load(x, at + c + COUNT).fma(load(y, yAt + c + COUNT), b);
    }
    for (; c <= n - COUNT; c += COUNT) {
      a = load(x, at + c).fma(load(y, yAt + c), a);
    }
    float sum = Lanes.sum(a.add(b));
    for (; c < n; c++) {
      sum = Math.fma(x[at + c], y[yAt + c], sum);
    }
    return sum;
  }

  /** Σ x y w, w beginning elsewhere */
  static float products(float[] x, float[] y, int at, float[] w, int wAt, int n) {
    FloatVector a = FloatVector.zero(FLOATS);
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      a = load(x, at + c).mul(load(y, at + c)).fma(load(w, wAt + c), a);
    }
    float sum = Lanes.sum(a);
    for (int c = bound; c < n; c++) {
      sum = Math.fma(x[at + c] * y[at + c], w[wAt + c], sum);
    }
    return sum;
  }

  private static FloatVector load(float[] numbers, int at) {
    return FloatVector.fromArray(FLOATS, numbers, at);
  }
}
