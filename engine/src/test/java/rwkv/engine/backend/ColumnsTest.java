package rwkv.engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.check.KernelCase;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Products that pass over columns whose input is zero must not differ from those that do not. */
class ColumnsTest {

  private static final int[][] SIZES = {
    {1, 1}, {3, 31}, {64, 64}, {70, 513}, {129, 1100}, {300, 96}
  };
  private static final double[] ZEROS = {0, 0.5, 0.95, 1};
  private static final int TOKENS = 7;

  private final Random random = Seeds.random("columns");
  private final Kernels reference = Backends.installed().choose("reference").open(1);
  private final Kernels one = Backends.installed().choose("cpu").open(1);
  private final Kernels three = Backends.installed().choose("cpu").open(3);

  @AfterEach
  void close() {
    reference.close();
    one.close();
    three.close();
  }

  static Stream<DType> types() {
    return Stream.of(DType.values()).filter(DType::isFloating);
  }

  private Tensor tensor(DType dtype, int out, int in) {
    int whole = Math.ceilDiv(in, dtype.blockSize()) * dtype.blockSize();
    return new KernelCase.Input(reference, random).tensor(out, whole, dtype);
  }

  /** Rows of which a share is zero, some of it negative zero. */
  private float[] inputs(int count, double zeros) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      boolean zero = random.nextDouble() < zeros;
      x[i] = zero ? random.nextBoolean() ? 0f : -0f : (float) random.nextGaussian();
    }
    return x;
  }

  private static float[] product(Kernels kernels, Matrix weight, float[] x, int tokens) {
    KernelCase.Input input = new KernelCase.Input(kernels, new Random(1));
    Buffer in = input.buffer(1, tokens, weight.in(), 1);
    in.write(0, x, 0, x.length);
    Buffer out = input.buffer(1, tokens, weight.out(), 1);
    kernels.matmul(out, in, weight);
    assertEquals(0, KernelCase.guardsBroken(out), "wrote past its output");
    return out.toArray();
  }

  @ParameterizedTest
  @MethodSource("types")
  void givesWhatTheDenseProductGivesWhateverIsZero(DType dtype) {
    for (int[] size : SIZES) {
      Tensor tensor = tensor(dtype, size[0], size[1]);
      Matrix rows = reference.matrix(tensor);
      Matrix columns = one.columns(tensor);
      assertEquals(rows.in(), columns.in());
      assertEquals(rows.out(), columns.out());
      assertEquals(dtype, columns.dtype());
      for (double zeros : ZEROS) {
        float[] x = inputs(TOKENS * rows.in(), zeros);
        float[] expected = product(reference, rows, x, TOKENS);
        String what = tensor + ", zeros " + zeros;
        Compare.close(what, expected, product(one, columns, x, TOKENS), 4e-6, 4e-6);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void oneTokenAndManyAndAnyNumberOfThreadsGiveTheSameBits(DType dtype) {
    for (int[] size : new int[][] {{65, 700}, {600, 2100}}) {
      Tensor tensor = tensor(dtype, size[0], size[1]);
      Matrix alone = one.columns(tensor);
      Matrix shared = three.columns(tensor);
      int in = alone.in();
      float[] x = inputs(TOKENS * in, 0.6);
      float[] many = product(three, shared, x, TOKENS);
      assertArrayEquals(many, product(one, alone, x, TOKENS), dtype + ", threads");
      for (int t = 0; t < TOKENS; t++) {
        float[] token = Arrays.copyOfRange(x, t * in, (t + 1) * in);
        float[] wanted = Arrays.copyOfRange(many, t * size[0], (t + 1) * size[0]);
        assertArrayEquals(wanted, product(one, alone, token, 1), dtype + ", one token");
        assertArrayEquals(wanted, product(three, shared, token, 1), dtype + ", one of many");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void aNumberThatIsNoneIsNotPassedOver(DType dtype) {
    Tensor tensor = tensor(dtype, 70, 600);
    Matrix columns = three.columns(tensor);
    float[] x = new float[columns.in()];
    x[columns.in() - 2] = Float.NaN;
    for (float value : product(three, columns, x, 1)) {
      assertTrue(Float.isNaN(value));
    }
    Arrays.fill(x, 0);
    x[3] = Float.POSITIVE_INFINITY;
    for (float value : product(three, columns, x, 1)) {
      assertTrue(!Float.isFinite(value));
    }
  }

  @Test
  void aMappedTensorCanStillBeRead(@TempDir Path folder) throws IOException {
    int in = 2048;
    Tensor made = tensor(DType.BF16, 1024, in);
    Path file = folder.resolve("weights");
    byte[] bytes = made.data().toArray(ValueLayout.JAVA_BYTE);
    Files.write(file, bytes);
    try (Arena arena = Arena.ofShared();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
      Tensor tensor = new Tensor("w", DType.BF16, made.shape(), mapped);
      Matrix columns = three.columns(tensor);
      float[] x = inputs(in, 0.5);
      assertArrayEquals(bytes, mapped.toArray(ValueLayout.JAVA_BYTE));
      assertArrayEquals(product(one, one.columns(made), x, 1), product(three, columns, x, 1));
    }
  }

  @Test
  void countsTheShareOfZeros() {
    for (Kernels kernels : new Kernels[] {reference, three}) {
      Buffer x = kernels.buffer(1, 2, 5);
      x.write(0, new float[] {0, 1, -0f, 2, Float.NaN, 1, 1, 1, 1, 1}, 0, 10);
      Buffer share = kernels.buffer(1, 2, 1);
      kernels.zeros(share, x);
      assertArrayEquals(new float[] {0.4f, 0}, share.toArray());
    }
  }
}
