package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of products with many tokens: six weight rows by two tokens, whose twelve
 * running sums, the two tokens' vectors and two more are the sixteen registers of a CPU with
 * 256-bit vectors.
 */
final class RegisterBlock {

  static final int ROWS = 6;
  static final int TOKENS = Tokens.GROUP;

  private RegisterBlock() {}

  /**
   * sums[t][r] ← initial[t][r] + Σ w[r] · x[t], vector by vector.
   *
   * <p>In the middle two sums are written that are not complete: the compiler takes no load ahead
   * of a store, and would otherwise load all rows at once and run out of registers.
   *
   * @param w the rows' vectors in turn, from {@code from} to {@code until}
   * @param x the tokens' vectors in turn, from {@code xAt}
   * @param sums a token's vectors are next to one another, the tokens {@link Tile#ROWS} vectors
   *     apart; so in {@code initial}, which may be the same
   */
  static void multiply(
      float[] w,
      int from,
      int until,
      float[] x,
      int xAt,
      float[] initial,
      int start,
      float[] sums,
      int at) {
    int second = at + Tile.ROWS * COUNT;
    FloatVector a0 = load(initial, start);
    FloatVector a1 = load(initial, start + COUNT);
    FloatVector a2 = load(initial, start + 2 * COUNT);
    FloatVector a3 = load(initial, start + 3 * COUNT);
    FloatVector a4 = load(initial, start + 4 * COUNT);
    FloatVector a5 = load(initial, start + 5 * COUNT);
    int other = start + Tile.ROWS * COUNT;
    FloatVector b0 = load(initial, other);
    FloatVector b1 = load(initial, other + COUNT);
    FloatVector b2 = load(initial, other + 2 * COUNT);
    FloatVector b3 = load(initial, other + 3 * COUNT);
    FloatVector b4 = load(initial, other + 4 * COUNT);
    FloatVector b5 = load(initial, other + 5 * COUNT);
    int j = xAt;
    for (int i = from; i < until; i += ROWS * COUNT) {
      FloatVector xa = load(x, j);
      FloatVector xb = load(x, j + COUNT);
      FloatVector v = load(w, i);
      a0 = v.fma(xa, a0);
      b0 = v.fma(xb, b0);
      v = load(w, i + COUNT);
      a1 = v.fma(xa, a1);
      b1 = v.fma(xb, b1);
      b1.intoArray(sums, second + COUNT);
      v = load(w, i + 2 * COUNT);
      a2 = v.fma(xa, a2);
      b2 = v.fma(xb, b2);
      v = load(w, i + 3 * COUNT);
      a3 = v.fma(xa, a3);
      b3 = v.fma(xb, b3);
      b3.intoArray(sums, second + 3 * COUNT);
      v = load(w, i + 4 * COUNT);
      a4 = v.fma(xa, a4);
      b4 = v.fma(xb, b4);
      v = load(w, i + 5 * COUNT);
      a5 = v.fma(xa, a5);
      b5 = v.fma(xb, b5);
      j += TOKENS * COUNT;
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
    a4.intoArray(sums, at + 4 * COUNT);
    a5.intoArray(sums, at + 5 * COUNT);
    b0.intoArray(sums, second);
    b1.intoArray(sums, second + COUNT);
    b2.intoArray(sums, second + 2 * COUNT);
    b3.intoArray(sums, second + 3 * COUNT);
    b4.intoArray(sums, second + 4 * COUNT);
    b5.intoArray(sums, second + 5 * COUNT);
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
  }
}
