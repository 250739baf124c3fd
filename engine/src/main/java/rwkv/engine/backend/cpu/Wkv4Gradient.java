package rwkv.engine.backend.cpu;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients.State4;

/**
 * The backward pass of RWKV-4's recurrence for a block of channels at a time, and its room of seven
 * numbers for every token and channel of the block.
 *
 * <p>The sweep forward carries ∂a/∂w and ∂b/∂w with the state, in the state's scaling, and keeps
 * what the way back needs: with y = (e^(p−q) a + e^(u+k−q) v) / n, it is g = dy / n, e^(u+k−q), y
 * and q. The way back carries F = Σ e^(…) g and G = −Σ e^(…) g y of all later tokens as multiples
 * of eᵐ, so that nothing overflows, as the state is kept as a multiple of eᵖ:
 *
 * <pre>
 *   dk = g e^(u+k−q) (v − y) + e^(k+m) (F v + G);  dv = g e^(u+k−q) + e^(k+m) F
 *   (F, G) eᵐ ← (F, G) e^(m+w) + (g, −g y) e^(−q)
 * </pre>
 *
 * Exponents are f64: as f32 they would lose what large keys leave of small differences.
 */
final class Wkv4Gradient {

  /** Channels that are worked through as one piece. */
  static final int BLOCK = Wkv4.BLOCK;

  /** The exponent of nothing. */
  private static final double NOTHING = -1e30;

  /**
   * What a call reads, and where its gradients go.
   *
   * @param decays sums over the tokens of dw, a row for every sequence
   * @param bonuses sums over the tokens of du, a row for every sequence
   */
  record Job(
      double[] decays,
      double[] bonuses,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable State4 dBefore,
      @Nullable Buffer dY,
      @Nullable State4 dAfter,
      State4 before,
      Buffer w,
      Buffer u,
      Buffer k,
      Buffer v) {}

  private final float[] a = new float[BLOCK];
  private final float[] b = new float[BLOCK];
  private final float[] aByW = new float[BLOCK];
  private final float[] bByW = new float[BLOCK];
  private final double[] exponent = new double[BLOCK];

  /** Exponents of what is read (the first half) and written, and what they are worth. */
  private final float[] ahead = new float[2 * BLOCK];

  private final float[] distance = new float[2 * BLOCK];
  private final float[] smaller = new float[2 * BLOCK];

  private float[] shares = {};
  private float[] nows = {};
  private float[] outs = {};
  private double[] scales = {};

  /** Goes through channels {@code from} to {@code until} of one sequence. */
  void run(Job job, int sequence, int from, int until) {
    int n = until - from;
    int time = job.k.time();
    int channels = job.k.channels();
    if (shares.length < time * BLOCK) {
      shares = new float[time * BLOCK];
      nows = new float[time * BLOCK];
      outs = new float[time * BLOCK];
      scales = new double[time * BLOCK];
    }
    int state = sequence * channels + from;
    start(job.before, state, n);
    for (int t = 0; t < time; t++) {
      int i = (sequence * time + t) * channels + from;
      forward(job, t * BLOCK, i, from, state, n);
    }
    end(job, state, n);
    for (int t = time - 1; t >= 0; t--) {
      int i = (sequence * time + t) * channels + from;
      backward(job, t * BLOCK, i, from, n);
    }
    if (job.dBefore != null) {
      give(job.dBefore, job.before, state, n);
    }
  }

  private void start(State4 before, int state, int n) {
    for (int j = 0; j < n; j++) {
      a[j] = CpuKernels.data(before.a())[state + j];
      b[j] = CpuKernels.data(before.b())[state + j];
      exponent[j] = CpuKernels.data(before.p())[state + j];
      aByW[j] = 0;
      bByW[j] = 0;
    }
  }

  private void forward(Job job, int at, int i, int c, int sums, int n) {
    float[] k = CpuKernels.data(job.k);
    float[] w = CpuKernels.data(job.w);
    float[] u = CpuKernels.data(job.u);
    for (int j = 0; j < n; j++) {
      double now = (double) u[c + j] + k[i + j];
      double decayed = exponent[j] + w[c + j];
      scales[at + j] = Math.max(exponent[j], now);
      compare(j, now - exponent[j]);
      compare(BLOCK + j, k[i + j] - decayed);
      exponent[j] = Math.max(decayed, k[i + j]);
    }
    Curves.decline(smaller, distance, 0, 2 * BLOCK);
    float[] v = CpuKernels.data(job.v);
    float[] dy = WkvGradients.numbers(job.dY);
    for (int j = 0; j < n; j++) {
      read(job, at + j, v[i + j], dy == null ? 0 : dy[i + j], j, sums + j);
      write(v[i + j], j);
    }
  }

  private void compare(int j, double difference) {
    ahead[j] = (float) difference;
    distance[j] = Math.abs(ahead[j]);
  }

  private float past(int j) {
    return ahead[j] > 0 ? smaller[j] : 1;
  }

  private float now(int j) {
    return ahead[j] > 0 ? 1 : smaller[j];
  }

  private void read(Job job, int at, float v, float dy, int j, int sum) {
    float past = past(j);
    float now = now(j);
    float below = past * b[j] + now;
    float y = (past * a[j] + now * v) / below;
    float share = dy / below;
    job.decays[sum] += (double) share * past * (aByW[j] - (double) y * bByW[j]);
    job.bonuses[sum] += (double) share * now * (v - y);
    shares[at] = share;
    nows[at] = now;
    outs[at] = y;
  }

  private void write(float v, int j) {
    float past = past(BLOCK + j);
    float now = now(BLOCK + j);
    aByW[j] = past * (a[j] + aByW[j]);
    bByW[j] = past * (b[j] + bByW[j]);
    a[j] = past * a[j] + now * v;
    b[j] = past * b[j] + now;
  }

  /** Turns round: a and b are F and G from here on, and their exponent m. */
  private void end(Job job, int state, int n) {
    State4 after = job.dAfter;
    for (int j = 0; j < n; j++) {
      float da = after == null ? 0 : CpuKernels.data(after.a())[state + j];
      float db = after == null ? 0 : CpuKernels.data(after.b())[state + j];
      job.decays[state + j] += (double) da * aByW[j] + (double) db * bByW[j];
      a[j] = da;
      b[j] = db;
      exponent[j] = after == null ? NOTHING : -exponent[j];
    }
  }

  private void backward(Job job, int at, int i, int c, int n) {
    float[] k = CpuKernels.data(job.k);
    float[] w = CpuKernels.data(job.w);
    for (int j = 0; j < n; j++) {
      distance[j] = (float) -(k[i + j] + exponent[j]);
      double decayed = exponent[j] + w[c + j];
      compare(BLOCK + j, -scales[at + j] - decayed);
      exponent[j] = Math.max(decayed, -scales[at + j]);
    }
    Curves.decline(smaller, distance, 0, 2 * BLOCK);
    float[] v = CpuKernels.data(job.v);
    float[] dk = WkvGradients.numbers(job.dK);
    float[] dv = WkvGradients.numbers(job.dV);
    for (int j = 0; j < n; j++) {
      float share = shares[at + j];
      float y = outs[at + j];
      float read = share * nows[at + j];
      if (dk != null) {
        dk[i + j] += read * (v[i + j] - y) + smaller[j] * (a[j] * v[i + j] + b[j]);
      }
      if (dv != null) {
        dv[i + j] += read + smaller[j] * a[j];
      }
      float past = past(BLOCK + j);
      float now = now(BLOCK + j) * share;
      a[j] = past * a[j] + now;
      b[j] = past * b[j] - now * y;
    }
  }

  private void give(State4 to, State4 before, int state, int n) {
    for (int j = 0; j < n; j++) {
      float scale = (float) Math.exp(exponent[j] + CpuKernels.data(before.p())[state + j]);
      CpuKernels.data(to.a())[state + j] += a[j] * scale;
      CpuKernels.data(to.b())[state + j] += b[j] * scale;
    }
  }
}
