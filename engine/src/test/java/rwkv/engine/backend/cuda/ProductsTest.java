package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.check.KernelCase;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Whatever kernel a product is given to, it is the product. */
class ProductsTest {

  private static final long GIGABYTE = 1L << 30;

  /** Rows of x up to and over the bounds between the kernels. */
  private static final int[] ROWS = {1, 2, 4, 5, 8, 9, 33, 65, 130};

  private static final int[] OUTS = {8, 72, 1032};
  private static final double TOLERANCE = 3e-5;

  @TempDir static Path folder;

  private static Emulator emulator;

  @BeforeAll
  static void compile() throws Exception {
    emulator = Emulators.compile(folder);
  }

  /** Where the tensors' numbers come from; nothing is computed here. */
  private final Kernels numbers = Backends.installed().choose("reference").open(1);

  private final Random random = Seeds.random("products on a card");

  @Test
  void everyNumberOfRowsAndTypeGivesTheProduct() {
    for (int capability : new int[] {75, 90}) {
      for (DType dtype : DType.values()) {
        if (dtype.isFloating() || dtype.isQuantised()) {
          int in = dtype.isQuantised() ? dtype.blockSize() * 2 : 40;
          products(capability, dtype, in, false, 0);
        }
      }
    }
  }

  @Test
  void productsThatPassOverZerosGiveTheProduct() {
    for (int capability : new int[] {75, 90}) {
      for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16}) {
        for (double zeros : new double[] {0, 0.9, 1}) {
          products(capability, dtype, 1100, true, zeros);
        }
      }
    }
  }

  private void products(int capability, DType dtype, int in, boolean byColumns, double zeros) {
    EmulatedDriver card = new EmulatedDriver(emulator, GIGABYTE, capability);
    try (Kernels kernels = new CudaKernels(card)) {
      for (int outs : OUTS) {
        Tensor tensor = tensor(outs, in, dtype);
        Matrix weight = byColumns ? kernels.columns(tensor) : kernels.matrix(tensor);
        assertEquals(byColumns, ((CudaMatrix) weight).byColumns());
        for (int rows : outs > 1000 && byColumns ? new int[] {1, 130} : ROWS) {
          product(kernels, tensor, weight, rows, zeros);
        }
      }
    }
    assertEquals(0, card.pieces());
  }

  private void product(Kernels kernels, Tensor tensor, Matrix weight, int rows, double zeros) {
    int in = weight.in(), outs = weight.out();
    float[] x = Seeds.normal(random, rows * in, 1);
    for (int i = 0; i < x.length; i++) {
      if (random.nextDouble() < zeros) {
        x[i] = random.nextBoolean() ? 0f : -0f;
      }
    }
    float[] w = tensor.toFloats();
    float[] expected = new float[rows * outs];
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outs; o++) {
        double sum = 0;
        for (int i = 0; i < in; i++) {
          sum += (double) x[r * in + i] * w[o * in + i];
        }
        expected[r * outs + o] = (float) sum;
      }
    }
    Buffer out = kernels.buffer(1, rows + 1, outs);
    float[] guard = Seeds.normal(random, outs, 1);
    out.write(rows * outs, guard, 0, outs);
    Buffer given = kernels.buffer(1, rows, in);
    given.write(0, x, 0, x.length);
    kernels.matmul(out.as(1, rows), given, weight);
    String name = "%s [%d,%d] x [%d,%d]".formatted(tensor.dtype(), rows, in, outs, in);
    Compare.close(name, expected, out.as(1, rows).toArray(), TOLERANCE, TOLERANCE);
    float[] after = new float[outs];
    out.read(rows * outs, after, 0, outs);
    Compare.close(name + ": what follows", guard, after, 0, 0);
  }

  private Tensor tensor(int outs, int in, DType dtype) {
    return new KernelCase.Input(numbers, random).tensor(outs, in, dtype);
  }

  @Test
  void aCardWithTensorCoresUsesThemForManyRowsAndOnlyThen() {
    List<String> names = new ArrayList<>();
    EmulatedDriver card = new EmulatedDriver(null, GIGABYTE, 80);
    try (Kernels kernels = new CudaKernels(card)) {
      Matrix weight = kernels.matrix(tensor(1024, 64, DType.BF16));
      for (int rows : new int[] {1, 3, 8, 20, 64, 500}) {
        card.launches.clear();
        kernels.matmul(kernels.buffer(1, rows, 1024), kernels.buffer(1, rows, 64), weight);
        kernels.buffer(1, 1, 1).toArray();
        names.add(card.launches.getLast().kernel());
      }
    }
    assertEquals(
        List.of(
            "matvec_bf16",
            "matvecs_bf16",
            "narrow_8_bf16",
            "narrow_32_bf16",
            "narrow_64_bf16",
            "wide_bf16"),
        names);
    assertTrue(card.closed > 0);
  }
}
