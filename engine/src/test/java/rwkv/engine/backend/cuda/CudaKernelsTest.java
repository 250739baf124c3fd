package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.check.KernelCase;

/** The kernels of a card, emulated, compute what the scalar reference computes. */
class CudaKernelsTest {

  private static final long GIGABYTE = 1L << 30;

  /**
   * Numbers go into tensor cores with 16 bits: sums of products of n are off by this, n cancels.
   */
  private static final double TENSOR_TOLERANCE = 3e-5;

  @TempDir static Path folder;

  private static Emulator emulator;

  @BeforeAll
  static void compile() throws Exception {
    emulator = Emulators.compile(folder);
  }

  /** Compute capabilities with and without tensor cores that take bf16. */
  @ParameterizedTest
  @ValueSource(ints = {75, 90})
  void everyKernelComputesWhatTheReferenceComputes(int capability) {
    long seed = Seeds.random("emulated kernel parity").nextLong();
    EmulatedDriver card = new EmulatedDriver(emulator, GIGABYTE, capability);
    int ran = 0;
    try (Kernels expected = Backends.installed().choose("reference").open(1);
        Kernels actual = new CudaKernels(card)) {
      for (KernelCase c : KernelCase.all()) {
        compare(c, seed, expected, actual);
        ran++;
      }
    }
    System.out.println("emulated kernel parity: " + ran + " cases ran");
    assertTrue(ran > 100);
    assertEquals(0, card.pieces(), "memory that was not freed");
  }

  private static void compare(KernelCase c, long seed, Kernels expected, Kernels actual) {
    double tolerance = c.tolerance(actual);
    List<Buffer> wanted = c.body().run(new KernelCase.Input(expected, new Random(seed)));
    List<Buffer> got = c.body().run(new KernelCase.Input(actual, new Random(seed)));
    for (int i = 0; i < wanted.size(); i++) {
      float[] numbers = wanted.get(i).toArray();
      Compare.close(c.name(), numbers, got.get(i).toArray(), tolerance, tolerance);
      assertEquals(0, KernelCase.guardsBroken(got.get(i)), c.name() + ": wrote past its output");
    }
  }
}
