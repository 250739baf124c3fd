package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;

/**
 * The way back through RWKV-7's recurrence, vectors along the key dimension. With m = S κ̂, b = κ̂
 * ∘ a and D = ∂L/∂S of a token (its own read-out included):
 *
 * <pre>
 *   D ← D + dy rᵀ;  dr = Sᵀ dy;  dw = Σ over values of D ∘ S₋;  dk = Dᵀ v;  dv = D k
 *   db = −Dᵀ m;  dm = −D b;  dκ̂ = S₋ᵀ dm + a ∘ db;  da = κ̂ ∘ db;  D ← D diag(w) + dm κ̂ᵀ
 * </pre>
 *
 * where S is the state after the token and S₋ the one before.
 */
final class Wkv7Gradient extends HeadGradient<Wkv7Gradient.Job> {

  /** What a call reads, and where its gradients go. */
  record Job(
      Inputs7 d,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Inputs7 in) {}

  private final float[] r = room();
  private final float[] w = room();
  private final float[] k = room();
  private final float[] v = room();
  private final float[] key = room();
  private final float[] rate = room();
  private final float[] erase = room();
  private final float[] dy = room();

  private final float[] dr = room();
  private final float[] dw = room();
  private final float[] dk = room();
  private final float[] dv = room();
  private final float[] dKey = room();
  private final float[] erased = room();

  private final float[] removed = new float[SEGMENT * ROWS];
  private final float[] dRemoved = new float[ROWS];
  private final float[] lanes = new float[ROWS * COUNT];

  Wkv7Gradient(int size) {
    super(size);
  }

  /** Goes through one head of a job. */
  void run(Job job, Head head) {
    pass(
        job,
        head,
        WkvGradients.numbers(job.dBefore),
        WkvGradients.numbers(job.dAfter),
        CpuKernels.data(job.before));
  }

  @Override
  boolean keysFirst() {
    return false;
  }

  @Override
  void enter(Job job, Head head, int from, int tokens) {
    Inputs7 in = job.in;
    int at = head.at(from);
    take(r, WkvGradients.numbers(in.r()), at, head.channels(), tokens);
    take(w, WkvGradients.numbers(in.w()), at, head.channels(), tokens);
    take(k, WkvGradients.numbers(in.k()), at, head.channels(), tokens);
    take(v, WkvGradients.numbers(in.v()), at, head.channels(), tokens);
    take(key, WkvGradients.numbers(in.kk()), at, head.channels(), tokens);
    take(rate, WkvGradients.numbers(in.a()), at, head.channels(), tokens);
    take(dy, WkvGradients.numbers(job.dY), at, head.channels(), tokens);
    for (int j = 0; j < erase.length; j += COUNT) {
      load(key, j).mul(load(rate, j)).intoArray(erase, j);
    }
    for (float[] sums : new float[][] {dr, dw, dk, dKey, erased}) {
      Arrays.fill(sums, 0);
    }
  }

  @Override
  void leave(Job job, Head head, int from, int tokens) {
    Inputs7 d = job.d;
    for (int j = 0; j < erase.length; j += COUNT) {
      FloatVector dErase = load(erased, j).neg();
      dErase.fma(load(rate, j), load(dKey, j)).intoArray(dKey, j);
      dErase.mul(load(key, j)).intoArray(erased, j);
    }
    give(WkvGradients.numbers(d.r()), head, from, dr, tokens);
    give(WkvGradients.numbers(d.w()), head, from, dw, tokens);
    give(WkvGradients.numbers(d.k()), head, from, dk, tokens);
    give(WkvGradients.numbers(d.v()), head, from, dv, tokens);
    give(WkvGradients.numbers(d.kk()), head, from, dKey, tokens);
    give(WkvGradients.numbers(d.a()), head, from, erased, tokens);
  }

  @Override
  void step(float[] to, int into, float[] state, int at, int t, int i) {
    int c = t * stride;
    removed(state, at, c);
    for (int row = 0; row < ROWS; row++) {
      removed[t * ROWS + row] = Lanes.sum(lanes, row * COUNT);
    }
    for (int row = 0; row < ROWS; row += 2) {
      int shift = row * stride;
      next2(to, into + shift, state, at + shift, c, t * ROWS + row, c + i + row);
    }
  }

  /** Lanes of S_i·κ̂ of a group of rows. */
  private void removed(float[] state, int at, int c) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    for (int j = 0; j < stride; j += COUNT) {
      FloatVector x = load(key, c + j);
      a0 = load(state, at + j).fma(x, a0);
      a1 = load(state, at + stride + j).fma(x, a1);
      a2 = load(state, at + 2 * stride + j).fma(x, a2);
      a3 = load(state, at + 3 * stride + j).fma(x, a3);
    }
    a0.intoArray(lanes, 0);
    a1.intoArray(lanes, COUNT);
    a2.intoArray(lanes, 2 * COUNT);
    a3.intoArray(lanes, 3 * COUNT);
  }

  private void next2(float[] to, int into, float[] state, int at, int c, int m, int i) {
    FloatVector m0 = all(-removed[m]);
    FloatVector m1 = all(-removed[m + 1]);
    FloatVector v0 = all(v[i]);
    FloatVector v1 = all(v[i + 1]);
    for (int j = 0; j < stride; j += COUNT) {
      FloatVector decay = load(w, c + j);
      FloatVector b = load(erase, c + j);
      FloatVector x = load(k, c + j);
      x.fma(v0, load(state, at + j).fma(decay, b.mul(m0))).intoArray(to, into + j);
      x.fma(v1, load(state, at + stride + j).fma(decay, b.mul(m1)))
          .intoArray(to, into + stride + j);
    }
  }

  @Override
  void back(int tokens, int i) {
    for (int t = tokens - 1; t >= 0; t--) {
      int at = t * ROWS * stride;
      int c = t * stride;
      for (int row = 0; row < ROWS; row += 2) {
        int shift = row * stride;
        reach2((i + row) * stride, at + shift, c, c + i + row, t * ROWS + row);
        dv[c + i + row] = Lanes.sum(lanes, 0);
        dv[c + i + row + 1] = Lanes.sum(lanes, COUNT);
        dRemoved[row] = -Lanes.sum(lanes, 2 * COUNT);
        dRemoved[row + 1] = -Lanes.sum(lanes, 3 * COUNT);
      }
      for (int row = 0; row < ROWS; row += 2) {
        past2((i + row) * stride, at + row * stride, c, row);
      }
    }
  }

  /** What a token's reading and writing tell of two rows; leaves the lanes of D_i·k and D_i·b. */
  private void reach2(int d, int s, int c, int i, int m) {
    FloatVector value0 = FloatVector.zero(FLOATS);
    FloatVector value1 = value0;
    FloatVector erase0 = value0;
    FloatVector erase1 = value0;
    int after = s + ROWS * stride;
    FloatVector y0 = all(dy[i]);
    FloatVector y1 = all(dy[i + 1]);
    FloatVector v0 = all(v[i]);
    FloatVector v1 = all(v[i + 1]);
    FloatVector m0 = all(removed[m]);
    FloatVector m1 = all(removed[m + 1]);
    for (int j = 0; j < stride; j += COUNT) {
      FloatVector read = load(r, c + j);
      FloatVector d0 = read.fma(y0, load(gradient, d + j));
      FloatVector d1 = read.fma(y1, load(gradient, d + stride + j));
      d0.intoArray(gradient, d + j);
      d1.intoArray(gradient, d + stride + j);
      add2(dr, c + j, load(states, after + j), y0, load(states, after + stride + j), y1);
      add2(dw, c + j, load(states, s + j), d0, load(states, s + stride + j), d1);
      add2(dk, c + j, d0, v0, d1, v1);
      add2(erased, c + j, d0, m0, d1, m1);
      FloatVector x = load(k, c + j);
      value0 = d0.fma(x, value0);
      value1 = d1.fma(x, value1);
      FloatVector b = load(erase, c + j);
      erase0 = d0.fma(b, erase0);
      erase1 = d1.fma(b, erase1);
    }
    value0.intoArray(lanes, 0);
    value1.intoArray(lanes, COUNT);
    erase0.intoArray(lanes, 2 * COUNT);
    erase1.intoArray(lanes, 3 * COUNT);
  }

  /** Takes D of two rows back to the state before the token. */
  private void past2(int d, int s, int c, int row) {
    FloatVector m0 = all(dRemoved[row]);
    FloatVector m1 = all(dRemoved[row + 1]);
    for (int j = 0; j < stride; j += COUNT) {
      FloatVector decay = load(w, c + j);
      FloatVector x = load(key, c + j);
      add2(dKey, c + j, load(states, s + j), m0, load(states, s + stride + j), m1);
      load(gradient, d + j).fma(decay, x.mul(m0)).intoArray(gradient, d + j);
      load(gradient, d + stride + j).fma(decay, x.mul(m1)).intoArray(gradient, d + stride + j);
    }
  }

  private static void add2(
      float[] sum, int at, FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    a.fma(b, c.fma(d, load(sum, at))).intoArray(sum, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
