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
      step(s, t * stride + channel, t * wStride + channel, bonus(t * stride + channel, channel));
    }
  }

  /** Σ_i r_i u_i k_i */
  private float bonus(int c, int h) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += (double) r[c + i] * u[h + i] * k[c + i];
    }
    return (float) sum;
  }

  private void step(int s, int c, int d, float bonus) {
    int bound = size - size % COUNT;
    for (int j = 0; j < bound; j += COUNT) {
      columns(s + j, c, d, FloatVector.fromArray(FLOATS, v, c + j), bonus).intoArray(y, c + j);
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

  /** As many columns of S as a vector has lanes. */
  private FloatVector columns(int s, int c, int d, FloatVector value, float bonus) {
    FloatVector read = FloatVector.zero(FLOATS);
    for (int i = 0; i < size; i++) {
      int at = s + i * size;
      FloatVector old = FloatVector.fromArray(FLOATS, state, at);
      read = old.fma(FloatVector.broadcast(FLOATS, r[c + i]), read);
      old.fma(FloatVector.broadcast(FLOATS, w[d + i]), value.mul(k[c + i])).intoArray(state, at);
    }
    return value.fma(FloatVector.broadcast(FLOATS, bonus), read);
  }
}
