package rwkv.engine.backend.cpu;

import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.backend.Shapes;

/**
 * The specification: every kernel as its formula reads, scalar, with double accumulators and one
 * rounding to f32 where a result is stored. Slow; what other kernels are checked against.
 */
final class ReferenceKernels extends CpuKernels {

  /** e^−½ as official inference code has it. */
  static final double DECAY_SCALE = 0.606531;

  static final double NORM_FLOOR = 1e-12;

  @Override
  public String device() {
    return "CPU, scalar reference";
  }

  @Override
  public void embed(Buffer out, Matrix table, int[] tokens) {
    for (int row = 0; row < tokens.length; row++) {
      ((CpuMatrix) table).read(tokens[row], data(out), row * table.in());
    }
  }

  @Override
  public void layerNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, float eps) {
    Shapes.same(out, x, weight, bias);
    for (int row = 0; row < x.rows(); row++) {
      normalise(out, x, weight, bias, row, 0, x.channels(), eps);
    }
  }

  @Override
  public void groupNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, int heads, float eps) {
    Shapes.same(out, x, weight, bias);
    int size = x.channels() / heads;
    for (int row = 0; row < x.rows(); row++) {
      for (int head = 0; head < heads; head++) {
        normalise(out, x, weight, bias, row, head * size, size, eps);
      }
    }
  }

  private static void normalise(
      Buffer out, Buffer x, Buffer weight, Buffer bias, int row, int from, int size, float eps) {
    int start = row * x.channels() + from;
    double mean = 0;
    for (int c = 0; c < size; c++) {
      mean += data(x)[start + c];
    }
    mean /= size;
    double variance = 0;
    for (int c = 0; c < size; c++) {
      double d = data(x)[start + c] - mean;
      variance += d * d;
    }
    variance /= size;
    double scale = 1 / Math.sqrt(variance + eps);
    for (int c = 0; c < size; c++) {
      double normal = (data(x)[start + c] - mean) * scale;
      data(out)[start + c] = (float) (normal * data(weight)[from + c] + data(bias)[from + c]);
    }
  }

  @Override
  public void mix(Buffer out, Buffer z, Buffer delta, Buffer mu) {
    Shapes.same(out, z, delta, mu);
    for (int i = 0; i < out.length(); i++) {
      double m = data(mu)[mu.rows() == 1 ? i % mu.channels() : i];
      data(out)[i] = (float) (data(z)[i] + data(delta)[i] * m);
    }
  }

  @Override
  public void zeros(Buffer out, Buffer x) {
    Shapes.rows(out, x, 1);
    for (int row = 0; row < x.rows(); row++) {
      int zeros = 0;
      for (int c = 0; c < x.channels(); c++) {
        zeros += data(x)[row * x.channels() + c] == 0 ? 1 : 0;
      }
      data(out)[row] = (float) zeros / x.channels();
    }
  }

  @Override
  public void matmul(Buffer out, Buffer x, Matrix weight) {
    Shapes.product(out, x, weight);
    CpuMatrix w = (CpuMatrix) weight;
    float[] weights = new float[w.in()];
    for (int o = 0; o < w.out(); o++) {
      w.read(o, weights, 0);
      for (int row = 0; row < x.rows(); row++) {
        double sum = 0;
        for (int i = 0; i < w.in(); i++) {
          sum += (double) weights[i] * data(x)[row * w.in() + i];
        }
        data(out)[row * w.out() + o] = (float) sum;
      }
    }
  }

  @Override
  public void activate(Buffer out, Buffer x, Activation f) {
    Shapes.same(out, x);
    for (int i = 0; i < out.length(); i++) {
      data(out)[i] = (float) apply(f, data(x)[i]);
    }
  }

  private static double apply(Activation f, double x) {
    return switch (f) {
      case IDENTITY -> x;
      case TANH -> Math.tanh(x);
      case SIGMOID -> sigmoid(x);
      case SILU -> x * sigmoid(x);
      case SQUARED_RELU -> Math.max(x, 0) * Math.max(x, 0);
    };
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public void add(Buffer out, Buffer x, Buffer y) {
    Shapes.same(out, x, y);
    for (int i = 0; i < out.length(); i++) {
      data(out)[i] = data(x)[i] + data(y)[y.rows() == 1 ? i % y.channels() : i];
    }
  }

  @Override
  public void multiply(Buffer out, Buffer x, Buffer y) {
    Shapes.same(out, x, y);
    for (int i = 0; i < out.length(); i++) {
      data(out)[i] = data(x)[i] * data(y)[y.rows() == 1 ? i % y.channels() : i];
    }
  }

  @Override
  public void lerp(Buffer out, Buffer x, Buffer y, Buffer gate) {
    Shapes.same(out, x, y, gate);
    for (int i = 0; i < out.length(); i++) {
      double from = data(x)[i];
      data(out)[i] = (float) (from + (data(y)[i] - from) * data(gate)[i]);
    }
  }

  @Override
  public void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v) {
    Shapes.same(y, w, u, k, v);
    Shapes.state(y, y.channels(), a, b, p);
    ReferenceWkv.wkv4(y, data(a), data(b), data(p), data(w), data(u), data(k), data(v));
  }

  @Override
  public void decay6(Buffer w, Buffer x) {
    Shapes.same(w, x);
    for (int i = 0; i < w.length(); i++) {
      data(w)[i] = (float) Math.exp(-Math.exp(data(x)[i]));
    }
  }

  @Override
  public void wkv6(
      Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    Shapes.same(y, r, w, k, v, u);
    int size = y.channels() / heads;
    Shapes.state(y, y.channels() * size, state);
    for (int row = 0; row < y.rows(); row++) {
      for (int head = 0; head < heads; head++) {
        int s = (row / y.time() * heads + head) * size * size;
        int c = row * y.channels() + head * size;
        int decay = rowStart(w, row) + head * size;
        ReferenceWkv.step6(
            data(y),
            data(state),
            s,
            data(r),
            data(k),
            data(v),
            c,
            data(w),
            decay,
            data(u),
            head * size,
            size);
      }
    }
  }

  @Override
  public void decay7(Buffer w, Buffer x) {
    Shapes.same(w, x);
    for (int i = 0; i < w.length(); i++) {
      data(w)[i] = (float) Math.exp(-DECAY_SCALE * sigmoid(data(x)[i]));
    }
  }

  @Override
  public void removalKey7(Buffer kk, Buffer k, Buffer keyScale, int heads) {
    Shapes.same(kk, k, keyScale);
    int size = k.channels() / heads;
    for (int start = 0; start < k.length(); start += size) {
      double squares = 0;
      for (int i = start; i < start + size; i++) {
        double scaled = (double) data(k)[i] * data(keyScale)[i % k.channels()];
        squares += scaled * scaled;
      }
      double norm = Math.max(Math.sqrt(squares), NORM_FLOOR);
      for (int i = start; i < start + size; i++) {
        double scaled = (double) data(k)[i] * data(keyScale)[i % k.channels()];
        data(kk)[i] = (float) (scaled / norm);
      }
    }
  }

  @Override
  public void replacementKey7(Buffer out, Buffer k, Buffer a, Buffer keyRate) {
    Shapes.same(out, k, a, keyRate);
    for (int i = 0; i < out.length(); i++) {
      double rate = data(keyRate)[i % k.channels()];
      data(out)[i] = (float) (data(k)[i] * (1 + (data(a)[i] - 1.0) * rate));
    }
  }

  @Override
  public void wkv7(
      Buffer y,
      Buffer state,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer kk,
      Buffer a,
      int heads) {
    Shapes.same(y, r, w, k, v, kk, a);
    int size = y.channels() / heads;
    for (int b = 0; b < y.batch(); b++) {
      for (int t = 0; t < y.time(); t++) {
        for (int head = 0; head < heads; head++) {
          int c = (b * y.time() + t) * y.channels() + head * size;
          for (int i = 0; i < size; i++) {
            int s = ((b * heads + head) * size + i) * size;
            data(y)[c + i] =
                (float)
                    stepRow(
                        data(state),
                        s,
                        c,
                        data(v)[c + i],
                        size,
                        data(r),
                        data(w),
                        data(k),
                        data(kk),
                        data(a));
          }
        }
      }
    }
  }

  /** One value row of one head: S_i ← S_i w − (S_i·κ̂)(κ̂ a) + v_i k; returns S_i·r. */
  private static double stepRow(
      float[] state,
      int s,
      int c,
      double v,
      int size,
      float[] r,
      float[] w,
      float[] k,
      float[] kk,
      float[] a) {
    double removed = 0;
    for (int j = 0; j < size; j++) {
      removed += (double) state[s + j] * kk[c + j];
    }
    double read = 0;
    for (int j = 0; j < size; j++) {
      double erased = removed * kk[c + j] * a[c + j];
      state[s + j] = (float) (state[s + j] * (double) w[c + j] - erased + v * k[c + j]);
      read += (double) state[s + j] * r[c + j];
    }
    return read;
  }

  @Override
  public void bonus7(Buffer out, Buffer x, Buffer r, Buffer k, Buffer bonus, Buffer v, int heads) {
    Shapes.same(out, x, r, k, bonus, v);
    int size = x.channels() / heads;
    for (int start = 0; start < x.length(); start += size) {
      double sum = 0;
      for (int i = start; i < start + size; i++) {
        sum += (double) data(r)[i] * data(k)[i] * data(bonus)[i % x.channels()];
      }
      for (int i = start; i < start + size; i++) {
        data(out)[i] = (float) (data(x)[i] + sum * data(v)[i]);
      }
    }
  }

  @Override
  public void project(Buffer out, Buffer x, Buffer matrices) {
    Shapes.rows(out, x, out.channels());
    Shapes.rows(matrices, x, x.channels() * out.channels());
    for (int row = 0; row < x.rows(); row++) {
      for (int o = 0; o < out.channels(); o++) {
        double sum = 0;
        for (int i = 0; i < x.channels(); i++) {
          int weight = (row * x.channels() + i) * out.channels() + o;
          sum += (double) data(x)[row * x.channels() + i] * data(matrices)[weight];
        }
        data(out)[row * out.channels() + o] = (float) sum;
      }
    }
  }

  @Override
  public void attend7b(Buffer out, Buffer q, History keys, History values) {
    Shapes.rows(out, q, values.channels());
    Shapes.rows(q, out, keys.channels());
    Shapes.histories(q, keys, values);
    for (int row = 0; row < q.rows(); row++) {
      int b = row / q.time();
      int seen = keys.length(b) - q.time() + row % q.time() + 1;
      ReferenceText.attend(
          data(out),
          row * out.channels(),
          data(q),
          row * q.channels(),
          (CpuHistory) keys,
          (CpuHistory) values,
          b,
          seen);
    }
  }

  @Override
  public void rosa(
      Buffer out, Buffer matched, History q, History k, History v, Memo memo, float unmatched) {
    Shapes.rows(matched, out, matched.channels());
    Shapes.histories(out, q, k, v);
    int width = out.channels() / matched.channels();
    ReferenceRosa rosa =
        new ReferenceRosa((CpuHistory) q, (CpuHistory) k, (CpuHistory) v, width, unmatched);
    for (int row = 0; row < out.rows(); row++) {
      int b = row / out.time();
      int i = q.length(b) - out.time() + row % out.time();
      for (int symbol = 0; symbol < matched.channels(); symbol++) {
        int at = row * out.channels() + symbol * width;
        int length = rosa.row(data(out), at, b, symbol, i);
        data(matched)[row * matched.channels() + symbol] = length;
      }
    }
  }
}
