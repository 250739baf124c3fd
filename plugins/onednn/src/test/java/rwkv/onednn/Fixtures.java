package rwkv.onednn;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** oneDNN on whatever CPU the tests run. */
final class Fixtures {

  private Fixtures() {}

  /** Skips the test where there is no library; elsewhere it must load. */
  static OneDnn library() {
    Optional<String> none = Platform.here().noLibrary();
    assumeTrue(none.isEmpty(), () -> none.orElse(""));
    return switch (Natives.loaded()) {
      case Natives.Library(OneDnn dnn) -> dnn;
      case Natives.NoLibrary(String reason) -> fail(reason);
    };
  }

  /** What oneDNN multiplies in on this CPU: f32 on any, bf16 from some that have AVX-512 on. */
  static List<Precision> precisions() {
    try (OneDnnProducts products = products(Precision.BF16)) {
      boolean bf16 = products.implementation(64, 64).isPresent();
      return bf16 ? List.of(Precision.F32, Precision.BF16) : List.of(Precision.F32);
    }
  }

  static OneDnnProducts products(Precision precision) {
    return new OneDnnProducts(library(), precision, _ -> true, Alone.INSTANCE);
  }

  /** The backend, whatever the CPU. */
  static OneDnnBackend backend(Precision precision) {
    library();
    return new OneDnnBackend(Optional.empty(), precision, _ -> true);
  }

  static Tensor weights(DType dtype, int out, int in, Random random) {
    float[] numbers = Seeds.normal(random, out * in, 1 / Math.sqrt(in));
    MemorySegment data = MemorySegment.ofArray(new byte[(int) dtype.bytes((long) out * in)]);
    Quantiser.encode(dtype, numbers, 0, numbers.length, data, 0);
    return new Tensor("w", dtype, Shape.of(out, in), data);
  }

  static float[] multiply(Kernels kernels, Matrix weights, float[] x, int tokens) {
    Buffer from = kernels.buffer(1, tokens, weights.in());
    from.write(0, x, 0, x.length);
    Buffer to = kernels.buffer(1, tokens, weights.out());
    kernels.matmul(to, from, weights);
    return to.toArray();
  }

  /** The mean of the squares of the differences, by the mean of the expected numbers' squares. */
  static double error(float[] expected, float[] actual) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = (double) actual[i] - expected[i];
      error += difference * difference;
      size += (double) expected[i] * expected[i];
    }
    return error / size;
  }
}
