package rwkv.engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.check.KernelCase;
import rwkv.engine.tensor.DType;

/** Every backend must compute what the scalar reference computes, and write nowhere else. */
class KernelParityTest {

  private static final int[] THREADS = {1, 2, 3};

  @Test
  void everyAvailableBackendComputesWhatTheReferenceComputes() {
    long seed = Seeds.random("kernel parity").nextLong();
    Backend reference = Backends.installed().choose("reference");
    int ran = 0;
    for (Backend backend : Backends.installed().all()) {
      if (backend.availability() instanceof Availability.Available) {
        for (int threads : THREADS) {
          try (Kernels expected = reference.open(1);
              Kernels actual = backend.open(threads)) {
            for (KernelCase c : KernelCase.all()) {
              compare(c, seed, expected, actual);
              ran++;
            }
          }
        }
      }
    }
    System.out.println("kernel parity: " + ran + " cases ran");
    assertTrue(ran > 100);
  }

  private static void compare(KernelCase c, long seed, Kernels expected, Kernels actual) {
    List<Buffer> wanted = c.body().run(new KernelCase.Input(expected, new Random(seed)));
    List<Buffer> got = c.body().run(new KernelCase.Input(actual, new Random(seed)));
    String what = c.name() + " on " + actual.device();
    for (int i = 0; i < wanted.size(); i++) {
      float[] numbers = wanted.get(i).toArray();
      Compare.close(what, numbers, got.get(i).toArray(), c.tolerance(), c.tolerance());
      assertEquals(0, KernelCase.guardsBroken(got.get(i)), what + ": wrote past its output");
    }
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() {
    long seed = Seeds.random("threads").nextLong();
    Backend cpu = Backends.installed().choose("cpu");
    for (int threads : new int[] {2, 3, 5}) {
      try (Kernels one = cpu.open(1);
          Kernels several = cpu.open(threads)) {
        for (KernelCase c : KernelCase.all()) {
          List<Buffer> wanted = c.body().run(new KernelCase.Input(one, new Random(seed)));
          List<Buffer> got = c.body().run(new KernelCase.Input(several, new Random(seed)));
          for (int i = 0; i < wanted.size(); i++) {
            String what = c.name() + " on " + threads + " threads";
            assertArrayEquals(wanted.get(i).toArray(), got.get(i).toArray(), what);
          }
        }
      }
    }
  }

  @Test
  void manyRowsGiveTheBitsThatOneRowGives() {
    Random random = Seeds.random("rows");
    for (KernelCase.Input in : List.of(input(random), input(random))) {
      for (DType dtype : DType.values()) {
        if (!dtype.isFloating()) {
          continue;
        }
        int rows = 1 + random.nextInt(20);
        int columns = 1 + random.nextInt(300);
        if (dtype.isQuantised()) {
          columns = dtype.blockSize() * (1 + columns / 16 * 32 / dtype.blockSize());
        }
        int outs = 1 + random.nextInt(200);
        Matrix w = in.kernels().matrix(in.tensor(outs, columns, dtype));
        Buffer x = in.buffer(1, rows, columns, 1);
        Buffer all = in.buffer(1, rows, outs, 1);
        in.kernels().matmul(all, x, w);
        float[] numbers = x.toArray();
        for (int row = 0; row < rows; row++) {
          Buffer single = in.kernels().buffer(1, 1, columns);
          single.write(0, numbers, row * columns, columns);
          Buffer alone = in.kernels().buffer(1, 1, outs);
          in.kernels().matmul(alone, single, w);
          float[] wanted = new float[outs];
          all.read(row * outs, wanted, 0, outs);
          assertArrayEquals(wanted, alone.toArray(), dtype + " " + columns + " -> " + outs);
        }
      }
      in.kernels().close();
    }
  }

  private static KernelCase.Input input(Random random) {
    Kernels kernels = Backends.installed().choose("cpu").open(2);
    return new KernelCase.Input(kernels, random);
  }
}
