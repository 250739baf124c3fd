package rwkv.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.cpu.ManyTokenProducts.Product;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** oneDNN's products in the place of the CPU kernels' own, on any CPU that has a library. */
class OneDnnProductsTest {

  /** Two factors rounded to eight bits, 2^-9 at most and evenly spread, make about 2e-6. */
  private static final double BF16_ERROR = 1e-5;

  private static final double F32_ERROR = 1e-10;

  private static final int[] TOKENS = {1, 2, 16, 17, 31, 40, 128, 129, 300};

  static Stream<BiFunction<Kernels, Tensor, Matrix>> layouts() {
    return Stream.of(Kernels::matrix, Kernels::columns, Kernels::transposed);
  }

  private static double bound(Precision precision) {
    return precision == Precision.BF16 ? BF16_ERROR : F32_ERROR;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_1", "Q4_K", "Q6_K"})
  void weightsOfEveryTypeAreMultipliedAsTheReferenceDoes(DType dtype) {
    Random random = Seeds.random("types");
    for (Precision precision : Fixtures.precisions()) {
      int in = dtype.isQuantised() ? 512 : 70 + random.nextInt(300);
      int out = 20 + random.nextInt(300);
      Tensor weights = Fixtures.weights(dtype, out, in, random);
      compare(weights, 16 + random.nextInt(150), precision, Kernels::matrix, random);
    }
  }

  static List<Precision> precisions() {
    return Fixtures.precisions();
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void anyNumberOfTokensInsAndOutsWillDo(Precision precision) {
    Random random = Seeds.random("sizes");
    for (int tokens : TOKENS) {
      int out = 1 + random.nextInt(280);
      int in = 1 + random.nextInt(280);
      compare(
          Fixtures.weights(DType.F32, out, in, random), tokens, precision, Kernels::matrix, random);
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void matricesOfEveryLayoutAreMultiplied(BiFunction<Kernels, Tensor, Matrix> layout) {
    Random random = Seeds.random("layouts");
    for (DType dtype : new DType[] {DType.BF16, DType.Q8_0}) {
      Tensor weights = Fixtures.weights(dtype, 160, 96, random);
      compare(weights, 50, Precision.F32, layout, random);
    }
  }

  private static void compare(
      Tensor weights,
      int tokens,
      Precision precision,
      BiFunction<Kernels, Tensor, Matrix> layout,
      Random random) {
    try (Kernels reference = Backends.installed().choose("reference").open(1);
        Kernels kernels = Fixtures.backend(precision).open(3)) {
      Matrix right = layout.apply(reference, weights);
      float[] x = Seeds.normal(random, tokens * right.in(), 1);
      float[] expected = Fixtures.multiply(reference, right, x, tokens);
      float[] actual = Fixtures.multiply(kernels, layout.apply(kernels, weights), x, tokens);
      double error = Fixtures.error(expected, actual);
      String what = tokens + " tokens through " + weights + " in " + precision;
      assertTrue(error <= bound(precision), () -> what + ": error " + error);
    }
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() {
    Random random = Seeds.random("threads");
    Tensor weights = Fixtures.weights(DType.F16, 300, 200, random);
    float[] x = Seeds.normal(random, 200 * 200, 1);
    try (Kernels one = Fixtures.backend(Precision.F32).open(1);
        Kernels four = Fixtures.backend(Precision.F32).open(4)) {
      assertArrayEquals(
          Fixtures.multiply(one, one.matrix(weights), x, 200),
          Fixtures.multiply(four, four.matrix(weights), x, 200));
    }
  }

  @Test
  void aFewTokensGetTheBitsOfTheCpuBackend() {
    Random random = Seeds.random("few tokens");
    Tensor weights = Fixtures.weights(DType.F16, 130, 200, random);
    try (Kernels cpu = Backends.installed().choose("cpu").open(1);
        Kernels kernels = Fixtures.backend(Precision.F32).open(2)) {
      for (int tokens : new int[] {1, 2, 15}) {
        float[] x = Seeds.normal(random, tokens * 200, 1);
        assertArrayEquals(
            Fixtures.multiply(cpu, cpu.matrix(weights), x, tokens),
            Fixtures.multiply(kernels, kernels.matrix(weights), x, tokens));
      }
    }
  }

  @Test
  void otherProductsOnTheSameWorkingMemoryDoNotDisturb() {
    Random random = Seeds.random("again");
    try (Kernels kernels = Fixtures.backend(Precision.F32).open(2)) {
      Matrix small = kernels.matrix(Fixtures.weights(DType.F32, 40, 50, random));
      Matrix large = kernels.matrix(Fixtures.weights(DType.F32, 400, 500, random));
      float[] x = Seeds.normal(random, 20 * 50, 1);
      float[] first = Fixtures.multiply(kernels, small, x, 20);
      Fixtures.multiply(kernels, large, Seeds.normal(random, 200 * 500, 1), 200);
      assertArrayEquals(first, Fixtures.multiply(kernels, small, x, 20));
    }
  }

  @Test
  void nothingIsWrittenPastTheResult() {
    Random random = Seeds.random("guards");
    try (OneDnnProducts products = Fixtures.products(Precision.F32)) {
      Product product = products.prepare(Fixtures.weights(DType.F32, 33, 40, random));
      float[] out = new float[21 * 33];
      assertNotNull(product);
      product.multiply(out, Seeds.normal(random, 20 * 40, 1), 20);
      for (int i = 20 * 33; i < out.length; i++) {
        assertEquals(0, out[i]);
      }
    }
  }

  @Test
  void matricesThatFillNoTileAreLeftToTheKernels() {
    Random random = Seeds.random("small");
    try (OneDnnProducts products = Fixtures.products(Precision.F32)) {
      assertNull(products.prepare(Fixtures.weights(DType.F32, 15, 300, random)));
      assertNull(products.prepare(Fixtures.weights(DType.F32, 300, 15, random)));
    }
  }

  @Test
  void whatAnUnacceptedImplementationWouldDoIsLeftToTheKernels() {
    Random random = Seeds.random("unaccepted");
    OneDnn library = Fixtures.library();
    try (OneDnnProducts products =
        new OneDnnProducts(library, Precision.F32, _ -> false, Alone.INSTANCE)) {
      assertNull(products.prepare(Fixtures.weights(DType.F32, 64, 64, random)));
    }
  }

  @Test
  void f32IsMultipliedByAnImplementationMadeForIt() {
    try (OneDnnProducts products = Fixtures.products(Precision.F32)) {
      String name = products.implementation(256, 256).orElseThrow();
      assertTrue(OneDnnBackend.isMadeForThis(name), name);
    }
  }

  /** A thread that OpenMP starts bears the name of the one that started it. */
  @Test
  void oneDnnStartsNoThreads() throws IOException {
    Random random = Seeds.random("no threads");
    Tensor weights = Fixtures.weights(DType.F32, 1000, 600, random);
    try (Kernels kernels = Fixtures.backend(Precision.F32).open(3)) {
      Matrix w = kernels.matrix(weights);
      float[] x = Seeds.normal(random, 300 * 600, 1);
      String caller = Files.readString(Path.of("/proc/thread-self/comm"));
      long before = threads(caller);
      long workers = threads("rwkv-worker-");
      Fixtures.multiply(kernels, w, x, 300);
      assertEquals(before, threads(caller));
      assertEquals(workers, threads("rwkv-worker-"));
    }
  }

  private static long threads(String name) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.filter(task -> isNamed(task, name)).count();
    }
  }

  private static boolean isNamed(Path task, String name) {
    try {
      return Files.readString(task.resolve("comm")).startsWith(name);
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void closingFreesTheWeights() throws IOException {
    Random random = Seeds.random("closing");
    Tensor weights = Fixtures.weights(DType.F32, 2048, 1024, random);
    float[] x = Seeds.normal(random, 16 * 1024, 1);
    long before = 0;
    int rounds = 24;
    for (int i = 0; i < rounds; i++) {
      try (OneDnnProducts products = Fixtures.products(Precision.F32)) {
        Product product = products.prepare(weights);
        assertNotNull(product);
        product.multiply(new float[16 * 2048], x, 16);
      }
      before = i == 3 ? residentAnonymous() : before;
    }
    long grown = residentAnonymous() - before;
    long kept = (rounds - 4) * weights.data().byteSize();
    assertTrue(grown < kept / 2, grown + " bytes more, of " + kept + " that were prepared");
  }

  private static long residentAnonymous() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void closedKernelsBeginNoProduct(int tokens) {
    Random random = Seeds.random("closed");
    Kernels kernels = Fixtures.backend(Precision.F32).open(2);
    Matrix w = kernels.matrix(Fixtures.weights(DType.F32, 64, 64, random));
    Buffer x = kernels.buffer(1, tokens, 64);
    Buffer out = kernels.buffer(1, tokens, 64);
    kernels.matmul(out, x, w);
    kernels.close();
    Exception refused = assertThrows(IllegalStateException.class, () -> kernels.matmul(out, x, w));
    assertEquals("the weights have been closed", refused.getMessage());
  }

  @Test
  void theKernelsSayWhatMultipliesManyTokens() {
    try (Kernels kernels = Fixtures.backend(Precision.F32).open(1)) {
      assertTrue(kernels.device().endsWith(", many tokens by oneDNN in f32"), kernels.device());
    }
    try (Kernels kernels = Backends.installed().choose("cpu").open(1)) {
      assertFalse(kernels.device().contains("oneDNN"), kernels.device());
    }
  }
}
