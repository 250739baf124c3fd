package rwkv.engine.backend.cpu;

import java.util.Arrays;
import rwkv.engine.backend.Activation;

/**
 * One row, or one head of it, of what is done number by number. The loops are plain: the compiler
 * makes vectors of those without sums, and sums are taken in double.
 */
final class Elementwise {

  private static final float DECAY_SCALE = (float) ReferenceKernels.DECAY_SCALE;

  private Elementwise() {}

  static void normalise(
      float[] out,
      float[] x,
      int at,
      float[] weight,
      float[] bias,
      int channel,
      int size,
      float eps) {
    double sum = 0;
    for (int i = at; i < at + size; i++) {
      sum += x[i];
    }
    float mean = (float) (sum / size);
    double squares = 0;
    for (int i = at; i < at + size; i++) {
      float d = x[i] - mean;
      squares += (double) d * d;
    }
    float scale = (float) (1 / Math.sqrt(squares / size + eps));
    for (int c = 0; c < size; c++) {
      out[at + c] = (x[at + c] - mean) * scale * weight[channel + c] + bias[channel + c];
    }
  }

  static void mix(float[] out, float[] z, float[] delta, int at, float[] mu, int muAt, int n) {
    for (int c = 0; c < n; c++) {
      out[at + c] = z[at + c] + delta[at + c] * mu[muAt + c];
    }
  }

  static void add(float[] out, float[] x, int at, float[] y, int yAt, int n) {
    for (int c = 0; c < n; c++) {
      out[at + c] = x[at + c] + y[yAt + c];
    }
  }

  static void multiply(float[] out, float[] x, int at, float[] y, int yAt, int n) {
    for (int c = 0; c < n; c++) {
      out[at + c] = x[at + c] * y[yAt + c];
    }
  }

  static void lerp(float[] out, float[] x, float[] y, float[] gate, int at, int n) {
    for (int i = at; i < at + n; i++) {
      out[i] = x[i] + (y[i] - x[i]) * gate[i];
    }
  }

  static void activate(float[] out, float[] x, int at, int n, Activation f) {
    switch (f) {
      case IDENTITY -> System.arraycopy(x, at, out, at, n);
      case TANH -> {
        for (int i = at; i < at + n; i++) {
          out[i] = (float) Math.tanh(x[i]);
        }
      }
      case SIGMOID -> {
        for (int i = at; i < at + n; i++) {
          out[i] = (float) ReferenceKernels.sigmoid(x[i]);
        }
      }
      case SILU -> {
        for (int i = at; i < at + n; i++) {
          out[i] = (float) (x[i] * ReferenceKernels.sigmoid(x[i]));
        }
      }
      case SQUARED_RELU -> {
        for (int i = at; i < at + n; i++) {
          float positive = Math.max(x[i], 0);
          out[i] = positive * positive;
        }
      }
    }
  }

  static void decay6(float[] w, float[] x, int at, int n) {
    for (int i = at; i < at + n; i++) {
      w[i] = (float) Math.exp(-Math.exp(x[i]));
    }
  }

  static void decay7(float[] w, float[] x, int at, int n) {
    for (int i = at; i < at + n; i++) {
      w[i] = (float) Math.exp(-DECAY_SCALE * ReferenceKernels.sigmoid(x[i]));
    }
  }

  static void removalKey7(float[] kk, float[] k, int at, float[] keyScale, int channel, int size) {
    double squares = 0;
    for (int c = 0; c < size; c++) {
      float scaled = k[at + c] * keyScale[channel + c];
      kk[at + c] = scaled;
      squares += (double) scaled * scaled;
    }
    float scale = (float) (1 / Math.max(Math.sqrt(squares), ReferenceKernels.NORM_FLOOR));
    for (int c = 0; c < size; c++) {
      kk[at + c] *= scale;
    }
  }

  static void replacementKey7(float[] out, float[] k, float[] a, int at, float[] rate, int n) {
    for (int c = 0; c < n; c++) {
      out[at + c] = k[at + c] * (1 + (a[at + c] - 1) * rate[c]);
    }
  }

  static void bonus7(
      float[] out,
      float[] x,
      float[] r,
      float[] k,
      float[] v,
      int at,
      float[] bonus,
      int channel,
      int size) {
    double sum = 0;
    for (int c = 0; c < size; c++) {
      sum += (double) r[at + c] * k[at + c] * bonus[channel + c];
    }
    float scale = (float) sum;
    for (int i = at; i < at + size; i++) {
      out[i] = x[i] + scale * v[i];
    }
  }

  /** One row through a matrix of its own, {@code [in, n]}. */
  static void project(float[] out, int to, int n, float[] x, int at, int in, float[] matrices) {
    Arrays.fill(out, to, to + n, 0);
    for (int i = at; i < at + in; i++) {
      for (int o = 0; o < n; o++) {
        out[to + o] = Math.fma(x[i], matrices[i * n + o], out[to + o]);
      }
    }
  }
}
