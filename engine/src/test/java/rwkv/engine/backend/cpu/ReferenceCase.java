package rwkv.engine.backend.cpu;

import java.util.function.DoubleUnaryOperator;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.backend.Buffer;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.tensor.Tensor;

/** A recurrence of the reference data, with its gradients, as buffers; skips the test without. */
final class ReferenceCase implements AutoCloseable {

  private static final double RELATIVE = 1e-5;
  private static final double FORWARD = 1e-4;

  private final Checkpoint file;
  private final double tolerance;
  final VectorKernels kernels = new VectorKernels(2);
  final Workers workers = new Workers(2);
  final WkvGradients gradients = new WkvGradients(workers);
  final int batch;
  final int time;
  final int channels;
  final int heads;

  ReferenceCase(String name, double tolerance) {
    file = Checkpoints.open(ReferenceData.require("grad/" + name + ".f32.safetensors"));
    this.tolerance = tolerance;
    Tensor k = tensor("in.k");
    batch = (int) k.shape().size(0);
    time = (int) k.shape().size(1);
    heads = k.shape().rank() == 4 ? (int) k.shape().size(2) : 1;
    channels = (int) k.count() / batch / time;
  }

  private Tensor tensor(String name) {
    return file.tensors().get(name);
  }

  float[] numbers(String name) {
    return tensor(name).toFloats();
  }

  /** Something of every token. */
  Buffer tokens(String name) {
    return new CpuBuffer(numbers(name), batch, time, channels);
  }

  /** Something of every sequence. */
  Buffer state(String name) {
    return new CpuBuffer(numbers(name), batch, 1, (int) tensor(name).count() / batch);
  }

  /** A parameter. */
  Buffer row(String name) {
    return new CpuBuffer(numbers(name), 1, 1, channels);
  }

  Buffer noTokens() {
    return CpuBuffer.zeros(batch, time, channels);
  }

  Buffer noState() {
    return CpuBuffer.zeros(batch, 1, channels * channels / heads);
  }

  Buffer noRow() {
    return CpuBuffer.zeros(1, 1, channels);
  }

  /** x ← f(x) */
  static Buffer map(Buffer x, DoubleUnaryOperator f) {
    float[] numbers = CpuKernels.data(x);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) f.applyAsDouble(numbers[i]);
    }
    return x;
  }

  /** Compares with what the file says. */
  void check(String name, Buffer actual) {
    check(name, numbers(name), actual.toArray());
  }

  /**
   * Compares with what the file says, less closely: keys of a hundred and more leave f32 exponents
   * an error of 1e-5, and with it the result.
   */
  void checkForward(String name, Buffer actual) {
    Compare.close(name, numbers(name), actual.toArray(), FORWARD, RELATIVE);
  }

  void check(String name, float[] expected, float[] actual) {
    Compare.close(file.path().getFileName() + ", " + name, expected, actual, tolerance, RELATIVE);
  }

  /** Compares with a gradient of {@code in.name}, where the kernel took f of it. */
  void checkThrough(String name, DoubleUnaryOperator slope, Buffer actual) {
    float[] in = numbers("in." + name);
    float[] chained = actual.toArray();
    for (int i = 0; i < in.length; i++) {
      chained[i] *= (float) slope.applyAsDouble(in[i]);
    }
    check("grad." + name, numbers("grad." + name), chained);
  }

  @Override
  public void close() {
    workers.close();
    kernels.close();
    file.close();
  }
}
