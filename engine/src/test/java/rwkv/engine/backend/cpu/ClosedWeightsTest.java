package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class ClosedWeightsTest {

  static Stream<BiFunction<Kernels, Tensor, Matrix>> layouts() {
    return Stream.of(Kernels::matrix, Kernels::columns);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void closedKernelsBeginNoProductThoughTheFileIsStillThere(
      BiFunction<Kernels, Tensor, Matrix> layout) {
    try (Arena arena = Arena.ofShared()) {
      Kernels kernels = new VectorKernels(2);
      Matrix weights = layout.apply(kernels, weights(arena));
      multiply(kernels, weights);
      kernels.close();
      refused(kernels, weights);
    }
  }

  @Test
  void aProductWithAFileThatIsGoneIsRefused() {
    Kernels kernels = new VectorKernels(2);
    Arena arena = Arena.ofShared();
    Matrix weights = kernels.matrix(weights(arena));
    multiply(kernels, weights);
    arena.close();
    refused(kernels, weights);
    kernels.close();
  }

  private static Tensor weights(Arena arena) {
    MemorySegment data = arena.allocate(DType.F32.bytes(64 * 64), 64);
    return new Tensor("w", DType.F32, Shape.of(64, 64), data);
  }

  private static void multiply(Kernels kernels, Matrix weights) {
    kernels.matmul(kernels.buffer(1, 1, 64), kernels.buffer(1, 1, 64), weights);
  }

  private static void refused(Kernels kernels, Matrix weights) {
    Exception refused = assertThrows(IllegalStateException.class, () -> multiply(kernels, weights));
    assertEquals("the weights have been closed", refused.getMessage());
  }
}
