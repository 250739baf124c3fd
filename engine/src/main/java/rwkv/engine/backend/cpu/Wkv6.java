package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * The recurrence of RWKV-5 and RWKV-6 for one head, vectors along the value dimension j, which
 * needs no sum over lanes: y_j = Σ_i r_i S_ij + (Σ_i r_i u_i k_i) v_j, S_ij ← w_i S_ij + k_i v_j.
 *
 * @param wStride from one token's decays to the next, 0 if all tokens share one row
 * @param size of the head: key and value dimension
 */
record Wkv6(
    float[] y,
    float[] state,
    float[] r,
    float[] w,
    int wStride,
    float[] k,
    float[] v,
    float[] u,
    int size) {

  /** Vectors of columns that are stepped side by side. */
  private static final int WIDE = 4;

  /**
   * Steps one head over its tokens.
   *
   * @param s where its state begins
   * @param row of its first token
   * @param channel of the head's first in a row
   * @param stride from one token's channels to the next
   */
  void steps(int s, int row, int channel, int stride, int time) {
    for (int t = row; t < row + time; t++) {
      int c = t * stride + channel;
      step(s, c, t * wStride + channel, Sums.products(r, k, c, u, channel, size));
    }
  }

  private void step(int s, int c, int d, float bonus) {
    int wide = size - size % (WIDE * COUNT);
    int bound = size - size % COUNT;
    for (int j = 0; j < wide; j += WIDE * COUNT) {
      columns4(s + j, c, d, c + j, bonus);
    }
    for (int j = wide; j < bound; j += COUNT) {
      columns(s + j, c, d, load(v, c + j), bonus).intoArray(y, c + j);
    }
    for (int j = bound; j < size; j++) {
      float read = 0;
      for (int i = 0; i < size; i++) {
        int at = s + i * size + j;
        read = Math.fma(state[at], r[c + i], read);
        state[at] = Math.fma(state[at], w[d + i], k[c + i] * v[c + j]);
      }
      y[c + j] = Math.fma(v[c + j], bonus, read);
    }
  }

  /** Four times as many columns of S as a vector has lanes: each sum waits for itself. */
  private void columns4(int s, int c, int d, int j, float bonus) {
    FloatVector y0 = FloatVector.zero(FLOATS);
    FloatVector y1 = y0;
    FloatVector y2 = y0;
    FloatVector y3 = y0;
    for (int i = 0; i < size; i++) {
      int at = s + i * size;
      FloatVector read = all(r[c + i]);
      FloatVector decay = all(w[d + i]);
      FloatVector key = all(k[c + i]);
      y0 = next(at, decay, key, j).fma(read, y0);
      y1 = next(at + COUNT, decay, key, j + COUNT).fma(read, y1);
      y2 = next(at + 2 * COUNT, decay, key, j + 2 * COUNT).fma(read, y2);
      y3 = next(at + 3 * COUNT, decay, key, j + 3 * COUNT).fma(read, y3);
    }
    load(v, j).fma(all(bonus), y0).intoArray(y, j);
    load(v, j + COUNT).fma(all(bonus), y1).intoArray(y, j + COUNT);
    load(v, j + 2 * COUNT).fma(all(bonus), y2).intoArray(y, j + 2 * COUNT);
    load(v, j + 3 * COUNT).fma(all(bonus), y3).intoArray(y, j + 3 * COUNT);
  }

  /** Steps a vector of one row of S; what it was. */
  private FloatVector next(int at, FloatVector decay, FloatVector key, int j) {
    FloatVector old = load(state, at);
    old.fma(decay, load(v, j).mul(key)).intoArray(state, at);
    return old;
  }

  /** As many columns of S as a vector has lanes. */
  private FloatVector columns(int s, int c, int d, FloatVector value, float bonus) {
    FloatVector read = FloatVector.zero(FLOATS);
    for (int i = 0; i < size; i++) {
      int at = s + i * size;
      FloatVector old = load(state, at);
      read = old.fma(all(r[c + i]), read);
      old.fma(all(w[d + i]), value.mul(k[c + i])).intoArray(state, at);
    }
    return value.fma(all(bonus), read);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  private static FloatVector load(float[] numbers, int at) {
    return FloatVector.fromArray(FLOATS, numbers, at);
  }
}
