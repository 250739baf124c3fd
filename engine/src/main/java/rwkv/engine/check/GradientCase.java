package rwkv.engine.check;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.Tensor;

/** A recurrence of the gradient vectors as buffers of some kernels. */
final class GradientCase {

  private static final double RELATIVE = 1e-5;

  private final String file;
  private final Map<String, Tensor> tensors;
  private final double tolerance;
  final Kernels kernels;
  final Difference difference = new Difference();
  final int batch;
  final int time;
  final int channels;
  final int heads;

  /**
   * @param tolerance absolute
   */
  GradientCase(Kernels kernels, Checkpoint file, double tolerance) {
    this.kernels = kernels;
    this.file = String.valueOf(file.path().getFileName());
    this.tensors = file.tensors();
    this.tolerance = tolerance;
    Tensor k = tensor("in.k");
    batch = (int) k.shape().size(0);
    time = (int) k.shape().size(1);
    heads = k.shape().rank() == 4 ? (int) k.shape().size(2) : 1;
    channels = (int) k.count() / batch / time;
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(file + " has no tensor " + name);
    }
    return tensor;
  }

  float[] numbers(String name) {
    return tensor(name).toFloats();
  }

  private Buffer buffer(float[] numbers, int batch, int time) {
    Buffer made = kernels.buffer(batch, time, numbers.length / batch / time);
    made.write(0, numbers, 0, numbers.length);
    return made;
  }

  /** Something of every token. */
  Buffer tokens(String name) {
    return tokens(numbers(name));
  }

  Buffer tokens(float[] numbers) {
    return buffer(numbers, batch, time);
  }

  /** Something of every sequence. */
  Buffer state(String name) {
    return buffer(numbers(name), batch, 1);
  }

  /** A parameter. */
  Buffer row(String name) {
    return buffer(numbers(name), 1, 1);
  }

  Buffer noTokens() {
    return kernels.buffer(batch, time, channels);
  }

  Buffer noState() {
    return kernels.buffer(batch, 1, channels * channels / heads);
  }

  Buffer noRow() {
    return kernels.buffer(1, 1, channels);
  }

  /** x ← f(x) */
  static Buffer map(Buffer x, DoubleUnaryOperator f) {
    float[] numbers = x.toArray();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) f.applyAsDouble(numbers[i]);
    }
    x.write(0, numbers, 0, numbers.length);
    return x;
  }

  /** Compares with what the file says. */
  void check(String name, Buffer actual) {
    check(name, actual.toArray(), tolerance);
  }

  void check(String name, float[] actual, double absolute) {
    difference.add(name, numbers(name), actual, absolute, RELATIVE);
  }

  /** Compares with a gradient of {@code in.name}, where the kernel took f of it. */
  void checkThrough(String name, DoubleUnaryOperator slope, Buffer actual) {
    float[] in = numbers("in." + name);
    float[] chained = actual.toArray();
    for (int i = 0; i < in.length; i++) {
      chained[i] *= (float) slope.applyAsDouble(in[i]);
    }
    check("grad." + name, chained, tolerance);
  }
}
