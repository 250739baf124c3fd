package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.backend.Buffer;
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
  void aProductWithWeightsThatAreGoneIsRefused(BiFunction<Kernels, Tensor, Matrix> layout) {
    Kernels kernels = new VectorKernels(2);
    Arena arena = Arena.ofShared();
    MemorySegment data = arena.allocate(DType.F32.bytes(64 * 64), 64);
    Matrix weights = layout.apply(kernels, new Tensor("w", DType.F32, Shape.of(64, 64), data));
    Buffer x = kernels.buffer(1, 1, 64);
    Buffer out = kernels.buffer(1, 1, 64);
    kernels.matmul(out, x, weights);
    arena.close();
    kernels.close();
    Exception refused =
        assertThrows(IllegalStateException.class, () -> kernels.matmul(out, x, weights));
    assertEquals("the weights have been closed", refused.getMessage());
  }
}
