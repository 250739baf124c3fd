package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import rwkv.engine.ReferenceData;
import rwkv.engine.backend.Buffer;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.tensor.Tensor;

/**
 * A recurrence of the reference data with its gradients, in buffers of a card with rows behind them
 * that nobody may write; skips the test without.
 */
final class GradientVectors implements AutoCloseable {

  private static final float GUARD = -12345.5f;

  private final String name;
  private final Checkpoint file;
  private final CudaKernels kernels;
  private final List<CudaBuffer> buffers = new ArrayList<>();
  final int batch;
  final int time;
  final int channels;
  final int heads;

  /**
   * @param type of the file's numbers, f32 or f64
   */
  GradientVectors(CudaKernels kernels, String recurrence, String type) {
    this.kernels = kernels;
    this.name = recurrence + "." + type;
    file = Checkpoints.open(ReferenceData.require("grad/" + name + ".safetensors"));
    Tensor k = tensor("in.k");
    batch = (int) k.shape().size(0);
    time = (int) k.shape().size(1);
    heads = k.shape().rank() == 4 ? (int) k.shape().size(2) : 1;
    channels = (int) k.count() / batch / time;
  }

  private Tensor tensor(String tensor) {
    Tensor found = file.tensors().get(tensor);
    if (found == null) {
      throw new IllegalArgumentException(name + " has no " + tensor);
    }
    return found;
  }

  double[] numbers(String of) {
    Tensor tensor = tensor(of);
    double[] numbers = new double[(int) tensor.count()];
    Arrays.setAll(numbers, tensor::get);
    return numbers;
  }

  /** Something of every token, or of every sequence, or a parameter, from its length. */
  Buffer buffer(double[] numbers) {
    boolean tokens = numbers.length == batch * time * channels;
    boolean row = numbers.length == channels;
    int rows = tokens ? batch * time : row ? 1 : batch;
    int width = numbers.length / rows;
    CudaBuffer whole = (CudaBuffer) kernels.buffer(1, rows + 1, width);
    float[] all = new float[whole.length()];
    Arrays.fill(all, GUARD);
    for (int i = 0; i < numbers.length; i++) {
      all[i] = (float) numbers[i];
    }
    whole.write(0, all, 0, all.length);
    buffers.add(whole);
    return tokens ? whole.as(batch, time) : whole.as(rows, 1);
  }

  Buffer buffer(String of) {
    return buffer(numbers(of));
  }

  /** f of a tensor. */
  Buffer buffer(String of, DoubleUnaryOperator f) {
    return buffer(Arrays.stream(numbers(of)).map(f).toArray());
  }

  Buffer noTokens() {
    return buffer(new double[batch * time * channels]);
  }

  Buffer noState() {
    return buffer(new double[batch * channels * channels / heads]);
  }

  Buffer noRow() {
    return buffer(new double[channels]);
  }

  /** Compares with what the file says. */
  void check(String of, double bound, Buffer actual) {
    check(of, bound, numbers(of), actual);
  }

  /** Compares with a gradient of {@code in.name}, where the kernel took f of it. */
  void checkThrough(String of, double bound, DoubleUnaryOperator slope, Buffer actual) {
    double[] in = numbers("in." + of);
    double[] chained = new double[in.length];
    float[] found = actual.toArray();
    Arrays.setAll(chained, i -> found[i] * slope.applyAsDouble(in[i]));
    check("grad." + of, bound, numbers("grad." + of), chained);
  }

  void check(String of, double bound, double[] expected, Buffer actual) {
    float[] found = actual.toArray();
    double[] wide = new double[found.length];
    Arrays.setAll(wide, i -> found[i]);
    check(of, bound, expected, wide);
  }

  /** The sum of squared errors over that of squares must be at most the bound. */
  private void check(String of, double bound, double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length, name + ", " + of);
    double errors = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      errors += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      squares += expected[i] * expected[i];
    }
    double nmse = errors / squares;
    assertTrue(nmse <= bound, () -> "%s, %s: NMSE %.2e over %.0e".formatted(name, of, nmse, bound));
  }

  void checkGuards() {
    for (CudaBuffer buffer : buffers) {
      float[] all = buffer.toArray();
      for (int i = all.length - buffer.channels(); i < all.length; i++) {
        assertEquals(GUARD, all[i], name + ": wrote past a buffer");
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
