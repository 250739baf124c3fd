package rwkv.engine.backend.cpu;

import java.util.Random;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;

/** RWKV-7's recurrence over state, r, w, k, v, κ̂ and a. */
final class WkvCase7 extends WkvCase {

  private WkvCase7(int[] shape, float[][] x) {
    super(shape, 1, 7, x);
  }

  static WkvCase7 random(Random random, int... shape) {
    int n = shape[0] * shape[1] * shape[2] * shape[3];
    float[][] x = {
      normal(random, n / shape[1] * shape[3]),
      normal(random, n),
      unit(random, n),
      normal(random, n),
      normal(random, n),
      Seeds.normal(random, n, 0.7 / Math.sqrt(shape[3])),
      unit(random, n)
    };
    return new WkvCase7(shape, x);
  }

  @Override
  WkvCase with(int sequences, int tokens, float[][] in) {
    return new WkvCase7(new int[] {sequences, tokens, heads, size}, in);
  }

  @Override
  public double[][] outputs(double[][] in) {
    double[] state = in[0].clone();
    double[] y = new double[in[1].length];
    double[] next = new double[size];
    for (int row = 0; row < batch * time; row++) {
      for (int h = 0; h < heads; h++) {
        int c = row * channels() + h * size;
        for (int i = 0; i < size; i++) {
          int s = ((row / time * heads + h) * size + i) * size;
          double removed = 0;
          for (int j = 0; j < size; j++) {
            removed += state[s + j] * in[5][c + j];
          }
          for (int j = 0; j < size; j++) {
            next[j] =
                state[s + j] * in[2][c + j]
                    - removed * in[5][c + j] * in[6][c + j]
                    + in[4][c + i] * in[3][c + j];
            y[c + i] += next[j] * in[1][c + j];
          }
          System.arraycopy(next, 0, state, s, size);
        }
      }
    }
    return new double[][] {y, state};
  }

  @Override
  float[][] forward(Kernels kernels) {
    float[] y = new float[x[1].length];
    float[] state = x[0].clone();
    Inputs7 in = inputs(x);
    kernels.wkv7(tokens(y), state(state), in.r(), in.w(), in.k(), in.v(), in.kk(), in.a(), heads);
    return new float[][] {y, state};
  }

  @Override
  public void back(RecurrenceGradients gradients, float[][] into, float[][] dOut) {
    gradients.wkv7(
        inputs(into),
        state(into[0]),
        tokens(dOut[0]),
        state(dOut[1]),
        state(x[0]),
        inputs(x),
        heads);
  }

  private Inputs7 inputs(float[][] of) {
    return new Inputs7(
        tokens(of[1]), tokens(of[2]), tokens(of[3]), tokens(of[4]), tokens(of[5]), tokens(of[6]));
  }
}
