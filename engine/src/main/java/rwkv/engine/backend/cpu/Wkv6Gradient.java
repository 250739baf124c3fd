package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;

/**
 * The way back through the recurrence of RWKV-5 and RWKV-6, vectors along the key dimension: states
 * are kept as [value, key] here. With D = ∂L/∂S of the state after a token, S₋ the state before it
 * and c = v·dy:
 *
 * <pre>
 *   dr = S₋ dy + c u ∘ k;  du = Σ c r ∘ k;  dk = D v + c u ∘ r;  dv = Dᵀ k + (Σ r ∘ u ∘ k) dy
 *   dw = Σ over values of D ∘ S₋;  D ← diag(w) D + r dyᵀ
 * </pre>
 */
final class Wkv6Gradient extends HeadGradient<Wkv6Gradient.Job> {

  /**
   * What a call reads, and where its gradients go.
   *
   * @param dW null where decays share one row
   * @param decays sums over the tokens of every head's dw
   * @param bonuses sums over the tokens of every head's du
   */
  record Job(
      @Nullable Buffer dR,
      @Nullable Buffer dW,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer u,
      double[] decays,
      double[] bonuses) {}

  private final float[] r = room();
  private final float[] w = room();
  private final float[] k = room();
  private final float[] v = room();
  private final float[] dy = room();

  private final float[] dr = room();
  private final float[] dw = room();
  private final float[] dk = room();
  private final float[] dv = room();

  private final float[] lanes = new float[ROWS * COUNT];

  Wkv6Gradient(int size) {
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
    return true;
  }

  @Override
  void enter(Job job, Head head, int from, int tokens) {
    int at = head.at(from);
    take(r, CpuKernels.data(job.r), at, head.channels(), tokens);
    boolean one = job.w.rows() == 1;
    take(w, CpuKernels.data(job.w), one ? head.channel() : at, one ? 0 : head.channels(), tokens);
    take(k, CpuKernels.data(job.k), at, head.channels(), tokens);
    take(v, CpuKernels.data(job.v), at, head.channels(), tokens);
    take(dy, WkvGradients.numbers(job.dY), at, head.channels(), tokens);
    for (float[] found : new float[][] {dr, dw, dk}) {
      Arrays.fill(found, 0);
    }
  }

  @Override
  void leave(Job job, Head head, int from, int tokens) {
    for (int t = tokens - 1; t >= 0; t--) {
      bonus(job, head, t * stride);
    }
    give(WkvGradients.numbers(job.dR), head, from, dr, tokens);
    give(WkvGradients.numbers(job.dW), head, from, dw, tokens);
    give(WkvGradients.numbers(job.dK), head, from, dk, tokens);
    give(WkvGradients.numbers(job.dV), head, from, dv, tokens);
  }

  /** What a token reads of itself, and the sums over tokens. */
  private void bonus(Job job, Head head, int c) {
    float[] u = CpuKernels.data(job.u);
    int channel = head.channel();
    int sums = head.state() / size;
    float both = 0;
    float written = 0;
    for (int j = 0; j < size; j++) {
      both = Math.fma(v[c + j], dy[c + j], both);
      written = Math.fma(r[c + j] * u[channel + j], k[c + j], written);
    }
    for (int j = 0; j < size; j++) {
      float bonus = u[channel + j] * both;
      dr[c + j] = Math.fma(bonus, k[c + j], dr[c + j]);
      dk[c + j] = Math.fma(bonus, r[c + j], dk[c + j]);
      dv[c + j] = Math.fma(written, dy[c + j], dv[c + j]);
      job.decays[sums + j] += dw[c + j];
      job.bonuses[sums + j] += (double) both * r[c + j] * k[c + j];
    }
  }

  @Override
  void step(float[] to, int into, float[] state, int at, int t, int i) {
    int c = t * stride;
    FloatVector v0 = all(v[c + i]);
    FloatVector v1 = all(v[c + i + 1]);
    FloatVector v2 = all(v[c + i + 2]);
    FloatVector v3 = all(v[c + i + 3]);
    for (int j = 0; j < stride; j += COUNT) {
      FloatVector decay = load(w, c + j);
      FloatVector x = load(k, c + j);
      load(state, at + j).fma(decay, x.mul(v0)).intoArray(to, into + j);
      load(state, at + stride + j).fma(decay, x.mul(v1)).intoArray(to, into + stride + j);
      load(state, at + 2 * stride + j).fma(decay, x.mul(v2)).intoArray(to, into + 2 * stride + j);
      load(state, at + 3 * stride + j).fma(decay, x.mul(v3)).intoArray(to, into + 3 * stride + j);
    }
  }

  @Override
  void back(int tokens, int i) {
    for (int t = tokens - 1; t >= 0; t--) {
      int c = t * stride;
      for (int row = 0; row < ROWS; row += 2) {
        back2((i + row) * stride, (t * ROWS + row) * stride, c, c + i + row);
        dv[c + i + row] = Lanes.sum(lanes, 0);
        dv[c + i + row + 1] = Lanes.sum(lanes, COUNT);
      }
    }
  }

  /** Takes two rows back over a token; leaves the lanes of D_j·k. */
  private void back2(int d, int s, int c, int i) {
    FloatVector value0 = FloatVector.zero(FLOATS);
    FloatVector value1 = value0;
    FloatVector y0 = all(dy[i]);
    FloatVector y1 = all(dy[i + 1]);
    FloatVector v0 = all(v[i]);
    FloatVector v1 = all(v[i + 1]);
    for (int j = 0; j < stride; j += COUNT) {
      FloatVector d0 = load(gradient, d + j);
      FloatVector d1 = load(gradient, d + stride + j);
      FloatVector s0 = load(states, s + j);
      FloatVector s1 = load(states, s + stride + j);
      add2(dr, c + j, s0, y0, s1, y1);
      add2(dw, c + j, s0, d0, s1, d1);
      add2(dk, c + j, d0, v0, d1, v1);
      FloatVector x = load(k, c + j);
      value0 = d0.fma(x, value0);
      value1 = d1.fma(x, value1);
      FloatVector read = load(r, c + j);
      FloatVector decay = load(w, c + j);
      d0.fma(decay, read.mul(y0)).intoArray(gradient, d + j);
      d1.fma(decay, read.mul(y1)).intoArray(gradient, d + stride + j);
    }
    value0.intoArray(lanes, 0);
    value1.intoArray(lanes, COUNT);
  }

  private static void add2(
      float[] sum, int at, FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    a.fma(b, c.fma(d, load(sum, at))).intoArray(sum, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
