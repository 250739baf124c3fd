package rwkv.engine.backend.cpu;

import java.util.Arrays;
import java.util.Random;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.RecurrenceGradients.State4;

/**
 * RWKV-4's recurrence over a, b, k, v, w and u. The exponents p of a and b are given, before and
 * after, since a gradient is one of a and b at a fixed p.
 */
final class WkvCase4 extends WkvCase {

  private final float[] p;
  private final float[] pAfter;

  private WkvCase4(int[] shape, float[][] x, float[] p) {
    super(shape, 2, 4, x);
    this.p = p;
    pAfter = exponents();
  }

  static WkvCase4 random(Random random, int... shape) {
    int n = shape[0] * shape[1] * shape[2] * shape[3];
    int channels = shape[2] * shape[3];
    float[][] x = {
      normal(random, shape[0] * channels),
      unit(random, shape[0] * channels),
      normal(random, n),
      normal(random, n),
      unit(random, channels),
      normal(random, channels)
    };
    for (int c = 0; c < channels; c++) {
      x[4][c] = (float) Math.log(x[4][c]);
    }
    return new WkvCase4(shape, x, normal(random, shape[0] * channels));
  }

  private float[] exponents() {
    float[] after = p.clone();
    for (int i = 0; i < batch * time * channels(); i++) {
      int c = i % channels();
      int s = i / channels() / time * channels() + c;
      after[s] = Math.max(after[s] + x[4][c], x[2][i]);
    }
    return after;
  }

  @Override
  WkvCase part(int from, int until) {
    float[][] in = super.part(from, until).x;
    float[] start = from == 0 ? p : ((WkvCase4) part(0, from)).pAfter;
    return new WkvCase4(new int[] {batch, until - from, heads, size}, in, start);
  }

  @Override
  WkvCase with(int sequences, int tokens, float[][] in) {
    float[] start = sequences == batch ? p : twice(p);
    return new WkvCase4(new int[] {sequences, tokens, heads, size}, in, start);
  }

  /** From nothing, as a sequence begins. */
  WkvCase4 fromNothing() {
    float[][] in = x.clone();
    in[0] = new float[x[0].length];
    in[1] = new float[x[1].length];
    float[] nothing = new float[p.length];
    Arrays.fill(nothing, -1e30f);
    return new WkvCase4(new int[] {batch, time, heads, size}, in, nothing);
  }

  @Override
  public double[][] outputs(double[][] in) {
    double[] a = new double[p.length];
    double[] b = new double[p.length];
    for (int s = 0; s < p.length; s++) {
      a[s] = in[0][s] * Math.exp(p[s]);
      b[s] = in[1][s] * Math.exp(p[s]);
    }
    double[] y = new double[in[2].length];
    for (int i = 0; i < y.length; i++) {
      int c = i % channels();
      int s = i / channels() / time * channels() + c;
      double now = Math.exp(in[5][c] + in[2][i]);
      y[i] = (a[s] + now * in[3][i]) / (b[s] + now);
      a[s] = Math.exp(in[4][c]) * a[s] + Math.exp(in[2][i]) * in[3][i];
      b[s] = Math.exp(in[4][c]) * b[s] + Math.exp(in[2][i]);
    }
    for (int s = 0; s < p.length; s++) {
      a[s] *= Math.exp(-pAfter[s]);
      b[s] *= Math.exp(-pAfter[s]);
    }
    return new double[][] {y, a, b};
  }

  @Override
  float[][] forward(Kernels kernels) {
    float[] y = new float[x[2].length];
    float[] a = x[0].clone();
    float[] b = x[1].clone();
    kernels.wkv4(
        tokens(y),
        state(a),
        state(b),
        state(p.clone()),
        row(x[4]),
        row(x[5]),
        tokens(x[2]),
        tokens(x[3]));
    return new float[][] {y, a, b};
  }

  @Override
  public void back(RecurrenceGradients gradients, float[][] into, float[][] dOut) {
    State4 before = new State4(state(x[0]), state(x[1]), state(p));
    gradients.wkv4(
        row(into[4]),
        row(into[5]),
        tokens(into[2]),
        tokens(into[3]),
        pair(into[0], into[1]),
        tokens(dOut[0]),
        pair(dOut[1], dOut[2]),
        before,
        row(x[4]),
        row(x[5]),
        tokens(x[2]),
        tokens(x[3]));
  }

  private State4 pair(float[] a, float[] b) {
    return a == null || b == null
        ? null
        : new State4(state(a), state(b), state(new float[a.length]));
  }
}
