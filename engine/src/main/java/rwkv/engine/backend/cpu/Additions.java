package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What gradients are made of: one row of numbers, or one head of it, added to another. Every method
 * is a sum of one term for each number, so a row's numbers do not depend on where they stand.
 */
final class Additions {

  private Additions() {}

  /** d += g */
  static void plus(float[] d, int to, float[] g, int at, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(d, to + c).add(load(g, at + c)).intoArray(d, to + c);
    }
    for (int c = bound; c < n; c++) {
      d[to + c] += g[at + c];
    }
  }

  /** d −= g */
  static void minus(float[] d, int to, float[] g, int at, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(d, to + c).sub(load(g, at + c)).intoArray(d, to + c);
    }
    for (int c = bound; c < n; c++) {
      d[to + c] -= g[at + c];
    }
  }

  /** d += g x */
  static void product(float[] d, int to, float[] g, int at, float[] x, int xAt, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(g, at + c).fma(load(x, xAt + c), load(d, to + c)).intoArray(d, to + c);
    }
    for (int c = bound; c < n; c++) {
      d[to + c] = Math.fma(g[at + c], x[xAt + c], d[to + c]);
    }
  }

  /** d += g factor */
  static void multiple(float[] d, int to, float[] g, int at, float factor, int n) {
    FloatVector f = FloatVector.broadcast(Lanes.FLOATS, factor);
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(g, at + c).fma(f, load(d, to + c)).intoArray(d, to + c);
    }
    for (int c = bound; c < n; c++) {
      d[to + c] = Math.fma(g[at + c], factor, d[to + c]);
    }
  }

  /** d += x y factor, y beginning elsewhere */
  static void multiple(
      float[] d, int to, float[] x, int at, float[] y, int yAt, float factor, int n) {
    FloatVector f = FloatVector.broadcast(Lanes.FLOATS, factor);
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(x, at + c).mul(load(y, yAt + c)).fma(f, load(d, to + c)).intoArray(d, to + c);
    }
    for (int c = bound; c < n; c++) {
      d[to + c] = Math.fma(x[at + c] * y[yAt + c], factor, d[to + c]);
    }
  }

  /** d += g (x − y) */
  static void difference(float[] d, float[] g, float[] x, float[] y, int at, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      load(x, i).sub(load(y, i)).fma(load(g, i), load(d, i)).intoArray(d, i);
    }
    for (int i = bound; i < at + n; i++) {
      d[i] = Math.fma(x[i] - y[i], g[i], d[i]);
    }
  }

  /** d += g (1 − x) */
  static void complement(float[] d, float[] g, float[] x, int at, int n) {
    FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1);
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      one.sub(load(x, i)).fma(load(g, i), load(d, i)).intoArray(d, i);
    }
    for (int i = bound; i < at + n; i++) {
      d[i] = Math.fma(1 - x[i], g[i], d[i]);
    }
  }

  /** d += g (1 + (a − 1) rate) */
  static void replacementKey(float[] d, float[] g, float[] a, int at, float[] rate, int n) {
    FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1);
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector factor = load(a, at + c).sub(one).fma(load(rate, c), one);
      factor.fma(load(g, at + c), load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < n; c++) {
      d[at + c] = Math.fma(Math.fma(a[at + c] - 1, rate[c], 1), g[at + c], d[at + c]);
    }
  }

  /** d += g x y, y beginning elsewhere */
  static void products(float[] d, float[] g, float[] x, int at, float[] y, int yAt, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector factor = load(x, at + c).mul(load(y, yAt + c));
      factor.fma(load(g, at + c), load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < n; c++) {
      d[at + c] = Math.fma(x[at + c] * y[yAt + c], g[at + c], d[at + c]);
    }
  }

  /** d += g x (a − 1), d beginning elsewhere */
  static void lessened(float[] d, int to, float[] g, float[] x, float[] a, int at, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector factor = load(a, at + c).sub(1).mul(load(x, at + c));
      factor.fma(load(g, at + c), load(d, to + c)).intoArray(d, to + c);
    }
    for (int c = bound; c < n; c++) {
      d[to + c] = Math.fma((a[at + c] - 1) * x[at + c], g[at + c], d[to + c]);
    }
  }

  /** d += 2 g max(x, 0) */
  static void twicePositive(float[] d, float[] g, float[] x, int at, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      FloatVector v = load(x, i);
      FloatVector twice = v.add(v).blend(0, v.compare(VectorOperators.LE, 0));
      twice.fma(load(g, i), load(d, i)).intoArray(d, i);
    }
    for (int i = bound; i < at + n; i++) {
      d[i] = Math.fma(x[i] <= 0 ? 0 : x[i] + x[i], g[i], d[i]);
    }
  }
}
