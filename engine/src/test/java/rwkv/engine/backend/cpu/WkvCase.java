package rwkv.engine.backend.cpu;

import java.util.Random;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/**
 * A recurrence at one size, with random input, as its formulas read, in double; and its gradients
 * as the engine takes them. Inputs are first the state, then what every token brings, then
 * parameters; outputs are y and the state after.
 */
abstract class WkvCase {

  final int batch;
  final int time;
  final int heads;
  final int size;

  /** Inputs before the first that every token brings, and before the first parameter. */
  final int states;

  final int parameters;

  /** What goes in. */
  final float[][] x;

  WkvCase(int[] shape, int states, int parameters, float[][] x) {
    batch = shape[0];
    time = shape[1];
    heads = shape[2];
    size = shape[3];
    this.states = states;
    this.parameters = parameters;
    this.x = x;
  }

  final int channels() {
    return heads * size;
  }

  /** y and the state after. */
  abstract double[][] outputs(double[][] in);

  /** The same as the engine computes them. */
  abstract float[][] forward(Kernels kernels);

  /**
   * Adds gradients.
   *
   * @param into of every input, or null
   * @param dOut of every output, or null
   */
  abstract void back(WkvGradients gradients, float[][] into, float[][] dOut);

  /** The same over other tokens, from another state. */
  abstract WkvCase with(int tokens, float[][] in);

  /**
   * The same over tokens {@code from} to {@code until}, from the state that the ones before give.
   */
  WkvCase part(int from, int until) {
    float[][] in = x.clone();
    for (int i = states; i < parameters; i++) {
      in[i] = tokens(x[i], from, until);
    }
    if (from > 0) {
      WkvCase before = part(0, from);
      double[][] out = before.outputs(doubles(before.x));
      for (int i = 0; i < states; i++) {
        in[i] = floats(out[1 + i]);
      }
    }
    return with(until - from, in);
  }

  /** Of every sequence the tokens from one to another. */
  float[] tokens(float[] all, int from, int until) {
    int n = (until - from) * channels();
    float[] some = new float[batch * n];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(all, (b * time + from) * channels(), some, b * n, n);
    }
    return some;
  }

  final Buffer tokens(float[] numbers) {
    return numbers == null ? null : new CpuBuffer(numbers, batch, time, channels());
  }

  final Buffer state(float[] numbers) {
    return numbers == null ? null : new CpuBuffer(numbers, batch, 1, numbers.length / batch);
  }

  static Buffer row(float[] numbers) {
    return numbers == null ? null : new CpuBuffer(numbers, 1, 1, numbers.length);
  }

  static float[] unit(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.2f + 0.8f * random.nextFloat();
    }
    return values;
  }

  static double[][] doubles(float[][] x) {
    double[][] wide = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      wide[i] = new double[x[i].length];
      for (int j = 0; j < x[i].length; j++) {
        wide[i][j] = x[i][j];
      }
    }
    return wide;
  }

  static float[] floats(double[] x) {
    float[] narrow = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      narrow[i] = (float) x[i];
    }
    return narrow;
  }

  static float[] normal(Random random, int count) {
    return Seeds.normal(random, count, 1);
  }
}
