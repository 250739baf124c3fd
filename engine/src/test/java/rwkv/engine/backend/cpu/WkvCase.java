package rwkv.engine.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;

/**
 * A recurrence at one size, with random input, as its formulas read, in double; and its gradients
 * as the engine takes them. Inputs are first the state, then what every token brings, then
 * parameters; outputs are y and the state after.
 */
public abstract class WkvCase {

  private static final double STEP = 1e-4;

  final int batch;
  final int time;
  final int heads;
  final int size;

  /** Inputs before the first that every token brings, and before the first parameter. */
  public final int states;

  public final int parameters;

  /** What goes in. */
  public final float[][] x;

  WkvCase(int[] shape, int states, int parameters, float[][] x) {
    batch = shape[0];
    time = shape[1];
    heads = shape[2];
    size = shape[3];
    this.states = states;
    this.parameters = parameters;
    this.x = x;
  }

  /** Every recurrence at a size {@code [batch, time, heads, size]}. */
  public static List<WkvCase> all(Random random, int... shape) {
    WkvCase4 four = WkvCase4.random(random, shape);
    return List.of(
        four,
        four.fromNothing(),
        WkvCase6.random(random, true, shape),
        WkvCase6.random(random, false, shape),
        WkvCase7.random(random, shape));
  }

  @Override
  public final String toString() {
    return "%s [%d, %d, %d x %d]".formatted(getClass().getSimpleName(), batch, time, heads, size);
  }

  /** Zeros, or random numbers, in the place of all inputs. */
  public final float[][] like(@Nullable Random random) {
    float[][] made = new float[x.length][];
    for (int i = 0; i < x.length; i++) {
      made[i] = random == null ? new float[x[i].length] : normal(random, x[i].length);
    }
    return made;
  }

  /** Gradients of random outputs. */
  public final float[][] upstream(Random random) {
    double[][] out = outputs(doubles(x));
    float[][] dOut = new float[out.length][];
    for (int i = 0; i < out.length; i++) {
      dOut[i] = normal(random, out[i].length);
    }
    return dOut;
  }

  /** The sum of all outputs times their gradients. */
  private double loss(double[][] in, float[][] dOut) {
    double[][] out = outputs(in);
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < out[i].length; j++) {
        sum += out[i][j] * dOut[i][j];
      }
    }
    return sum;
  }

  /** ∂loss/∂x[input][at], by a difference in double. */
  public final double difference(int input, int at, float[][] dOut) {
    double[][] in = doubles(x);
    in[input][at] = x[input][at] + STEP;
    double above = loss(in, dOut);
    in[input][at] = x[input][at] - STEP;
    return (above - loss(in, dOut)) / (2 * STEP);
  }

  /** The input that is the decay. */
  public final int decays() {
    return this instanceof WkvCase7 ? 2 : 4;
  }

  /** Whether decays are given as logarithms. */
  public final boolean logarithms() {
    return this instanceof WkvCase4;
  }

  /** The same sequences, and once more. */
  public final WkvCase twice() {
    float[][] in = x.clone();
    for (int i = 0; i < parameters; i++) {
      in[i] = twice(x[i]);
    }
    return with(2 * batch, time, in);
  }

  /** Numbers, and the same again. */
  public static float[] twice(float[] numbers) {
    float[] both = Arrays.copyOf(numbers, 2 * numbers.length);
    System.arraycopy(numbers, 0, both, numbers.length, numbers.length);
    return both;
  }

  final int channels() {
    return heads * size;
  }

  /** y and the state after. */
  public abstract double[][] outputs(double[][] in);

  /** The same as the engine computes them. */
  abstract float[][] forward(Kernels kernels);

  /**
   * Adds gradients.
   *
   * @param into of every input, or null
   * @param dOut of every output, or null
   */
  public abstract void back(RecurrenceGradients gradients, float[][] into, float[][] dOut);

  /** The same over other sequences and tokens, from another state. */
  abstract WkvCase with(int sequences, int tokens, float[][] in);

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
    return with(batch, until - from, in);
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

  public static double[][] doubles(float[][] x) {
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
