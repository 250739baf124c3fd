package rwkv.engine.backend.cpu;

import java.util.Random;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;

/** The recurrence of RWKV-6 over state, r, k, v, w and u, and of RWKV-5, whose w is one row. */
final class WkvCase6 extends WkvCase {

  private WkvCase6(int[] shape, int parameters, float[][] x) {
    super(shape, 1, parameters, x);
  }

  static WkvCase6 random(Random random, boolean oneDecay, int... shape) {
    int n = shape[0] * shape[1] * shape[2] * shape[3];
    int channels = shape[2] * shape[3];
    float[][] x = {
      normal(random, n / shape[1] * shape[3]),
      normal(random, n),
      normal(random, n),
      normal(random, n),
      unit(random, oneDecay ? channels : n),
      normal(random, channels)
    };
    return new WkvCase6(shape, oneDecay ? 4 : 5, x);
  }

  @Override
  WkvCase with(int sequences, int tokens, float[][] in) {
    return new WkvCase6(new int[] {sequences, tokens, heads, size}, parameters, in);
  }

  @Override
  public double[][] outputs(double[][] in) {
    double[] state = in[0].clone();
    double[] y = new double[in[1].length];
    for (int row = 0; row < batch * time; row++) {
      for (int channel = 0; channel < channels(); channel++) {
        int c = row * channels() + channel;
        double w = in[4][parameters == 4 ? channel : c];
        int s = (row / time * channels() + channel) * size;
        int first = c - channel % size;
        for (int j = 0; j < size; j++) {
          double written = in[2][c] * in[3][first + j];
          y[first + j] += in[1][c] * (state[s + j] + in[5][channel] * written);
          state[s + j] = w * state[s + j] + written;
        }
      }
    }
    return new double[][] {y, state};
  }

  @Override
  float[][] forward(Kernels kernels) {
    float[] y = new float[x[1].length];
    float[] state = x[0].clone();
    kernels.wkv6(
        tokens(y),
        state(state),
        tokens(x[1]),
        decays(x[4]),
        tokens(x[2]),
        tokens(x[3]),
        row(x[5]),
        heads);
    return new float[][] {y, state};
  }

  @Override
  public void back(RecurrenceGradients gradients, float[][] into, float[][] dOut) {
    gradients.wkv6(
        tokens(into[1]),
        decays(into[4]),
        tokens(into[2]),
        tokens(into[3]),
        row(into[5]),
        state(into[0]),
        tokens(dOut[0]),
        state(dOut[1]),
        state(x[0]),
        tokens(x[1]),
        decays(x[4]),
        tokens(x[2]),
        tokens(x[3]),
        row(x[5]),
        heads);
  }

  private Buffer decays(float[] numbers) {
    return parameters == 4 ? row(numbers) : tokens(numbers);
  }
}
