package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import rwkv.engine.backend.Activation;

/**
 * One row, or one head of it, of what is done number by number. Vectors are asked for by name: the
 * compiler cannot tell that two arrays are not one, and makes none of plain loops.
 */
final class Elementwise {

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
    float mean = Sums.of(x, at, size) / size;
    float scale = (float) (1 / Math.sqrt(Sums.squares(x, at, mean, size) / size + eps));
    int bound = size - size % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector normal = load(x, at + c).sub(mean).mul(scale);
      normal.fma(load(weight, channel + c), load(bias, channel + c)).intoArray(out, at + c);
    }
    for (int c = bound; c < size; c++) {
      float normal = (x[at + c] - mean) * scale;
      out[at + c] = Math.fma(normal, weight[channel + c], bias[channel + c]);
    }
  }

  static void subtract(float[] out, int to, float[] x, int at, float[] y, int yAt, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(x, at + c).sub(load(y, yAt + c)).intoArray(out, to + c);
    }
    for (int c = bound; c < n; c++) {
      out[to + c] = x[at + c] - y[yAt + c];
    }
  }

  static void mix(float[] out, float[] z, float[] delta, int at, float[] mu, int muAt, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(delta, at + c).fma(load(mu, muAt + c), load(z, at + c)).intoArray(out, at + c);
    }
    for (int c = bound; c < n; c++) {
      out[at + c] = Math.fma(delta[at + c], mu[muAt + c], z[at + c]);
    }
  }

  static void add(float[] out, float[] x, int at, float[] y, int yAt, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(x, at + c).add(load(y, yAt + c)).intoArray(out, at + c);
    }
    for (int c = bound; c < n; c++) {
      out[at + c] = x[at + c] + y[yAt + c];
    }
  }

  static void multiply(float[] out, float[] x, int at, float[] y, int yAt, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(x, at + c).mul(load(y, yAt + c)).intoArray(out, at + c);
    }
    for (int c = bound; c < n; c++) {
      out[at + c] = x[at + c] * y[yAt + c];
    }
  }

  static void lerp(float[] out, float[] x, float[] y, float[] gate, int at, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      FloatVector from = load(x, i);
      load(y, i).sub(from).fma(load(gate, i), from).intoArray(out, i);
    }
    for (int i = bound; i < at + n; i++) {
      out[i] = Math.fma(y[i] - x[i], gate[i], x[i]);
    }
  }

  static void activate(float[] out, float[] x, int at, int n, Activation f) {
    switch (f) {
      case IDENTITY -> System.arraycopy(x, at, out, at, n);
      case TANH -> Curves.tanh(out, x, at, n);
      case SIGMOID -> Curves.sigmoid(out, x, at, n);
      case SILU -> Curves.silu(out, x, at, n);
      case SQUARED_RELU -> squaredRelu(out, x, at, n);
    }
  }

  private static void squaredRelu(float[] out, float[] x, int at, int n) {
    int bound = at + n - n % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      FloatVector v = load(x, i);
      v.mul(v).blend(0, v.compare(VectorOperators.LE, 0)).intoArray(out, i);
    }
    for (int i = bound; i < at + n; i++) {
      out[i] = x[i] <= 0 ? 0 : x[i] * x[i];
    }
  }

  /** How many of these numbers are zero. */
  static int zeros(float[] x, int at, int n) {
    int zeros = 0;
    for (int i = at; i < at + n; i++) {
      zeros += x[i] == 0 ? 1 : 0;
    }
    return zeros;
  }

  static void removalKey7(float[] kk, float[] k, int at, float[] keyScale, int channel, int size) {
    int bound = size - size % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(k, at + c).mul(load(keyScale, channel + c)).intoArray(kk, at + c);
    }
    for (int c = bound; c < size; c++) {
      kk[at + c] = k[at + c] * keyScale[channel + c];
    }
    double norm = Math.sqrt(Sums.squares(kk, at, 0, size));
    float scale = (float) (1 / Math.max(norm, ReferenceKernels.NORM_FLOOR));
    for (int c = 0; c < bound; c += COUNT) {
      load(kk, at + c).mul(scale).intoArray(kk, at + c);
    }
    for (int c = bound; c < size; c++) {
      kk[at + c] *= scale;
    }
  }

  static void replacementKey7(float[] out, float[] k, float[] a, int at, float[] rate, int n) {
    int bound = n - n % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector key = load(k, at + c);
      load(a, at + c).sub(1).mul(load(rate, c)).fma(key, key).intoArray(out, at + c);
    }
    for (int c = bound; c < n; c++) {
      out[at + c] = Math.fma((a[at + c] - 1) * rate[c], k[at + c], k[at + c]);
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
    float scale = Sums.products(r, k, at, bonus, channel, size);
    int bound = at + size - size % COUNT;
    for (int i = at; i < bound; i += COUNT) {
      load(v, i).fma(FloatVector.broadcast(Lanes.FLOATS, scale), load(x, i)).intoArray(out, i);
    }
    for (int i = bound; i < at + size; i++) {
      out[i] = Math.fma(v[i], scale, x[i]);
    }
  }

  /** One row through a matrix of its own, {@code [in, n]}. */
  static void project(float[] out, int to, int n, float[] x, int at, int in, float[] matrices) {
    int bound = n - n % COUNT;
    for (int o = 0; o < bound; o += COUNT) {
      FloatVector sum = FloatVector.zero(Lanes.FLOATS);
      for (int i = at; i < at + in; i++) {
        sum = load(matrices, i * n + o).fma(FloatVector.broadcast(Lanes.FLOATS, x[i]), sum);
      }
      sum.intoArray(out, to + o);
    }
    for (int o = bound; o < n; o++) {
      float sum = 0;
      for (int i = at; i < at + in; i++) {
        sum = Math.fma(x[i], matrices[i * n + o], sum);
      }
      out[to + o] = sum;
    }
  }

  private static FloatVector load(float[] numbers, int at) {
    return FloatVector.fromArray(Lanes.FLOATS, numbers, at);
  }
}
