package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * RWKV-7's recurrence for one head, vectors along the key dimension. Every value row i is a
 * recurrence of its own: S_i ← S_i w − (S_i·κ̂)(κ̂ a) + v_i k, y_i = S_i·r. Four rows go side by
 * side, since each of their sums waits for itself.
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

  /** Rows that are stepped side by side. */
  private static final int ROWS = 4;

  /**
   * Steps one head over its tokens.
   *
   * @param s where its state begins
   * @param c where the channels of its first token begin
   * @param stride from one token's channels to the next
   */
  void steps(int s, int c, int stride, int time) {
    int bound = size - size % COUNT;
    int rows = size - size % ROWS;
    float[] lanes = new float[ROWS * COUNT];
    float[] removed = new float[ROWS];
    for (int t = 0; t < time; t++) {
      int at = c + t * stride;
      for (int i = 0; i < rows; i += ROWS) {
        rows(s + i * size, at, at + i, bound, lanes, removed);
      }
      for (int i = rows; i < size; i++) {
        removed(s + i * size, at, bound, lanes);
        removed[0] = rest(s + i * size, at, bound, Lanes.sum(lanes, 0));
        row(s + i * size, at, removed[0], v[at + i], bound, lanes);
        y[at + i] = rest(s + i * size, at, bound, removed[0], v[at + i], Lanes.sum(lanes, 0));
      }
    }
  }

  private void rows(int s, int c, int i, int bound, float[] lanes, float[] removed) {
    removed4(s, c, bound, lanes);
    for (int row = 0; row < ROWS; row++) {
      removed[row] = rest(s + row * size, c, bound, Lanes.sum(lanes, row * COUNT));
    }
    for (int row = 0; row < ROWS; row += 2) {
      rows2(s + row * size, c, removed[row], removed[row + 1], i + row, bound, lanes, row * COUNT);
    }
    for (int row = 0; row < ROWS; row++) {
      float sum = Lanes.sum(lanes, row * COUNT);
      y[i + row] = rest(s + row * size, c, bound, removed[row], v[i + row], sum);
    }
  }

  /** Lanes of S_i·κ̂ of four rows, of the state before this token. */
  private void removed4(int s, int c, int bound, float[] lanes) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    for (int j = 0; j < bound; j += COUNT) {
      FloatVector key = load(kk, c + j);
      a0 = load(state, s + j).fma(key, a0);
      a1 = load(state, s + size + j).fma(key, a1);
      a2 = load(state, s + 2 * size + j).fma(key, a2);
      a3 = load(state, s + 3 * size + j).fma(key, a3);
    }
    a0.intoArray(lanes, 0);
    a1.intoArray(lanes, COUNT);
    a2.intoArray(lanes, 2 * COUNT);
    a3.intoArray(lanes, 3 * COUNT);
  }

  /** Steps two rows; leaves the lanes of S_i·r. */
  private void rows2(int s, int c, float e0, float e1, int i, int bound, float[] lanes, int at) {
    FloatVector y0 = FloatVector.zero(FLOATS);
    FloatVector y1 = y0;
    for (int j = 0; j < bound; j += COUNT) {
      FloatVector erase = load(kk, c + j).mul(load(a, c + j));
      FloatVector key = load(k, c + j);
      FloatVector decay = load(w, c + j);
      FloatVector read = load(r, c + j);
      y0 = next(s + j, decay, erase, e0, key, v[i]).fma(read, y0);
      y1 = next(s + size + j, decay, erase, e1, key, v[i + 1]).fma(read, y1);
    }
    y0.intoArray(lanes, at);
    y1.intoArray(lanes, at + COUNT);
  }

  private FloatVector next(
      int at, FloatVector decay, FloatVector erase, float removed, FloatVector key, float value) {
    FloatVector kept = load(state, at).fma(decay, erase.mul(-removed));
    FloatVector next = key.fma(FloatVector.broadcast(FLOATS, value), kept);
    next.intoArray(state, at);
    return next;
  }

  /** Lanes of S_i·κ̂ of one row. */
  private void removed(int s, int c, int bound, float[] lanes) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int j = 0; j < bound; j += COUNT) {
      sum = load(state, s + j).fma(load(kk, c + j), sum);
    }
    sum.intoArray(lanes, 0);
  }

  /** Steps one row; leaves the lanes of S_i·r. */
  private void row(int s, int c, float removed, float value, int bound, float[] lanes) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int j = 0; j < bound; j += COUNT) {
      FloatVector erase = load(kk, c + j).mul(load(a, c + j));
      FloatVector next = next(s + j, load(w, c + j), erase, removed, load(k, c + j), value);
      sum = next.fma(load(r, c + j), sum);
    }
    sum.intoArray(lanes, 0);
  }

  /** Adds to S_i·κ̂ the keys that fill no vector. */
  private float rest(int s, int c, int bound, float sum) {
    float total = sum;
    for (int j = bound; j < size; j++) {
      total = Math.fma(state[s + j], kk[c + j], total);
    }
    return total;
  }

  /** Steps the keys that fill no vector; adds to S_i·r. */
  private float rest(int s, int c, int bound, float removed, float value, float sum) {
    float total = sum;
    for (int j = bound; j < size; j++) {
      float erase = kk[c + j] * a[c + j] * -removed;
      float next = Math.fma(k[c + j], value, Math.fma(state[s + j], w[c + j], erase));
      state[s + j] = next;
      total = Math.fma(next, r[c + j], total);
    }
    return total;
  }

  private static FloatVector load(float[] numbers, int at) {
    return FloatVector.fromArray(FLOATS, numbers, at);
  }
}
