package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * A product of a few unpacked weight rows with many rows of activations, kept in registers four
 * weight rows by two tokens: more would fit sixteen registers on paper, but the compiler then
 * spills them. Each sum runs in the order that {@link Rows#times} has.
 */
final class Tile {

  static final int WEIGHT_ROWS = 4;
  private static final int TOKENS = 2;

  private Tile() {}

  /**
   * out[t · width + first + r] ← Σ w[r] · x[t] for {@code rows} weight rows and all tokens.
   *
   * @param w unpacked rows, {@code [rows, in]}
   * @param x arranged activations, {@code [tokens, in]}
   * @param bound columns that fill whole blocks; the rest is added one by one
   */
  static void multiply(
      float[] w,
      int rows,
      float[] x,
      int tokens,
      int in,
      int bound,
      float[] out,
      int first,
      int width) {
    float[] sums = new float[WEIGHT_ROWS * TOKENS * COUNT];
    int t = 0;
    for (; t + TOKENS <= tokens; t += TOKENS) {
      int r = 0;
      for (; r + WEIGHT_ROWS <= rows; r += WEIGHT_ROWS) {
        block(w, r * in, x, t * in, in, bound, sums);
        for (int i = 0; i < WEIGHT_ROWS * TOKENS; i++) {
          int row = r + i / TOKENS;
          int token = t + i % TOKENS;
          float sum = Lanes.sum(sums, i * COUNT);
          out[token * width + first + row] = tail(w, row * in, x, token * in, bound, in, sum);
        }
      }
      for (; r < rows; r++) {
        for (int s = t; s < t + TOKENS; s++) {
          out[s * width + first + r] = dot(w, r * in, x, s * in, in, bound);
        }
      }
    }
    for (; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        out[t * width + first + r] = dot(w, r * in, x, t * in, in, bound);
      }
    }
  }

  private static float dot(float[] w, int wAt, float[] x, int xAt, int in, int bound) {
    FloatVector a = FloatVector.zero(FLOATS);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector weights = FloatVector.fromArray(FLOATS, w, wAt + i);
      a = weights.fma(FloatVector.fromArray(FLOATS, x, xAt + i), a);
    }
    return tail(w, wAt, x, xAt, bound, in, Lanes.sum(a));
  }

  private static float tail(float[] w, int wAt, float[] x, int xAt, int from, int in, float sum) {
    float total = sum;
    for (int i = from; i < in; i++) {
      total = Math.fma(w[wAt + i], x[xAt + i], total);
    }
    return total;
  }

  /**
   * Four rows by two tokens. The sums are left as vectors in {@code sums}: adding up their lanes
   * here would make the method too large for the compiler, which then keeps the vectors on the
   * heap.
   */
  private static void block(
      float[] w, int wAt, float[] x, int xAt, int in, int bound, float[] sums) {
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = a00;
    FloatVector a10 = a00;
    FloatVector a11 = a00;
    FloatVector a20 = a00;
    FloatVector a21 = a00;
    FloatVector a30 = a00;
    FloatVector a31 = a00;
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, xAt + i);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, xAt + in + i);
      FloatVector v = FloatVector.fromArray(FLOATS, w, wAt + i);
      a00 = v.fma(x0, a00);
      a01 = v.fma(x1, a01);
      v = FloatVector.fromArray(FLOATS, w, wAt + in + i);
      a10 = v.fma(x0, a10);
      a11 = v.fma(x1, a11);
      v = FloatVector.fromArray(FLOATS, w, wAt + 2 * in + i);
      a20 = v.fma(x0, a20);
      a21 = v.fma(x1, a21);
      v = FloatVector.fromArray(FLOATS, w, wAt + 3 * in + i);
      a30 = v.fma(x0, a30);
      a31 = v.fma(x1, a31);
    }
    a00.intoArray(sums, 0);
    a01.intoArray(sums, COUNT);
    a10.intoArray(sums, 2 * COUNT);
    a11.intoArray(sums, 3 * COUNT);
    a20.intoArray(sums, 4 * COUNT);
    a21.intoArray(sums, 5 * COUNT);
    a30.intoArray(sums, 6 * COUNT);
    a31.intoArray(sums, 7 * COUNT);
  }
}
