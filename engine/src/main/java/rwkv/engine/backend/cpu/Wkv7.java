package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * RWKV-7's recurrence for one head, vectors along the key dimension. Every value row i is a
 * recurrence of its own: S_i ← S_i w − (S_i·κ̂)(κ̂ a) + v_i k, y_i = S_i·r.
 *
 * @param size of the head: value and key dimension
 */
record Wkv7(
    float[] y,
    float[] state,
    float[] r,
    float[] w,
    float[] k,
    float[] v,
    float[] kk,
    float[] a,
    int size) {

  /**
   * Steps one head over its tokens.
   *
   * @param s where its state begins
   * @param c where the channels of its first token begin
   * @param stride from one token's channels to the next
   */
  void steps(int s, int c, int stride, int time) {
    for (int t = 0; t < time; t++) {
      int at = c + t * stride;
      for (int i = 0; i < size; i++) {
        y[at + i] = row(s + i * size, at, v[at + i]);
      }
    }
  }

  private float row(int s, int c, float value) {
    int bound = size - size % COUNT;
    float removed = removed(s, c, bound);
    FloatVector read = FloatVector.zero(FLOATS);
    for (int j = 0; j < bound; j += COUNT) {
      FloatVector erase =
          FloatVector.fromArray(FLOATS, kk, c + j)
              .mul(FloatVector.fromArray(FLOATS, a, c + j))
              .mul(-removed);
      FloatVector next =
          FloatVector.fromArray(FLOATS, state, s + j)
              .fma(FloatVector.fromArray(FLOATS, w, c + j), erase);
      next =
          FloatVector.fromArray(FLOATS, k, c + j).fma(FloatVector.broadcast(FLOATS, value), next);
      next.intoArray(state, s + j);
      read = next.fma(FloatVector.fromArray(FLOATS, r, c + j), read);
    }
    float sum = Lanes.sum(read);
    for (int j = bound; j < size; j++) {
      float erase = kk[c + j] * a[c + j] * -removed;
      float next = Math.fma(k[c + j], value, Math.fma(state[s + j], w[c + j], erase));
      state[s + j] = next;
      sum = Math.fma(next, r[c + j], sum);
    }
    return sum;
  }

  /** S_i·κ̂, of the state before this token. */
  private float removed(int s, int c, int bound) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int j = 0; j < bound; j += COUNT) {
      sum =
          FloatVector.fromArray(FLOATS, state, s + j)
              .fma(FloatVector.fromArray(FLOATS, kk, c + j), sum);
    }
    float total = Lanes.sum(sum);
    for (int j = bound; j < size; j++) {
      total = Math.fma(state[s + j], kk[c + j], total);
    }
    return total;
  }
}
