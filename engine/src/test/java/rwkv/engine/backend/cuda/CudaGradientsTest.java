package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.cpu.WkvCase;

/** The gradients of the recurrences on a card, emulated, are those of the CPU. */
class CudaGradientsTest {

  private static final long GIGABYTE = 1L << 30;

  /** Of sums of f32 in different orders, relative to one and to their size. */
  private static final double TOLERANCE = 1e-4;

  /** Of a sum whose terms cancel, relative to the largest number beside it. */
  private static final double CANCELLED = 1e-6;

  /** Of differences. */
  private static final double DIFFERENCE = 2e-4;

  private static final int SAMPLES = 40;

  @TempDir static Path folder;

  private static Emulator emulator;

  @BeforeAll
  static void compile() throws Exception {
    emulator = Emulators.compile(folder);
  }

  /** Runs on an emulated card; it must be left as it was found. */
  private static void onCard(Consumer<RecurrenceGradients> test) {
    EmulatedDriver card = new EmulatedDriver(emulator, GIGABYTE);
    try (CudaKernels kernels = new CudaKernels(card)) {
      test.accept(new GuardedGradients(kernels));
    }
    assertEquals(0, card.pieces(), "memory that was not freed");
  }

  private static float[][] onCard(WkvCase c, float[][] dOut) {
    float[][] into = c.like(null);
    onCard(gradients -> c.back(gradients, into, dOut));
    return into;
  }

  private static float[][] onCpu(WkvCase c, float[][] start, float[][] dOut) {
    float[][] into = copy(start);
    try (Kernels kernels = Backends.installed().choose("cpu").open(1)) {
      c.back(kernels.recurrenceGradients(), into, dOut);
    }
    return into;
  }

  private static float[][] copy(float[][] x) {
    return Arrays.stream(x).map(float[]::clone).toArray(float[][]::new);
  }

  private static void close(String what, float[][] expected, float[][] actual, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      double largest = 0;
      for (float x : expected[i]) {
        largest = Math.max(largest, Math.abs(x));
      }
      double absolute = tolerance + CANCELLED * largest;
      Compare.close(what + ", input " + i, expected[i], actual[i], absolute, tolerance);
    }
  }

  @Test
  void gradientsAreAddedAndAreThoseOfTheCpu() {
    Random random = Seeds.random("gradients on a card");
    int[][] shapes = {
      {2, 1, 2, 5},
      {1, 15, 1, 64},
      {2, 15, 3, 8},
      {3, 16, 1, 7},
      {2, 16, 1, 64},
      {1, 17, 2, 64},
      {2, 17, 2, 33},
      {2, 33, 2, 8},
      {1, 33, 1, 64},
      {1, 50, 1, 64},
      {1, 2 + random.nextInt(40), 1 + random.nextInt(3), 1 + random.nextInt(70)},
    };
    onCard(gradients -> {
      for (int[] shape : shapes) {
        for (WkvCase c : WkvCase.all(random, shape)) {
          float[][] dOut = c.upstream(random);
          float[][] start = c.like(random);
          float[][] into = copy(start);
          c.back(gradients, into, dOut);
          close(c.toString(), onCpu(c, start, dOut), into, TOLERANCE);
        }
      }
    });
  }

  @Test
  void gradientsAreThoseOfDifferencesInDouble() {
    Random random = Seeds.random("differences");
    for (WkvCase c : WkvCase.all(random, 2, 19, 2, 4)) {
      float[][] dOut = c.upstream(random);
      float[][] into = onCard(c, dOut);
      for (int i = 0; i < into.length; i++) {
        for (int sample = 0; sample < SAMPLES; sample++) {
          int at = random.nextInt(into[i].length);
          float[] expected = {(float) c.difference(i, at, dOut)};
          float[] actual = {into[i][at]};
          Compare.close(c + ", input " + i, expected, actual, DIFFERENCE, DIFFERENCE);
        }
      }
    }
  }

  @Test
  void whatNobodyAsksForChangesNothingElse() {
    Random random = Seeds.random("missing destinations on a card");
    for (int size : new int[] {5, 64}) {
      for (WkvCase c : WkvCase.all(random, 2, 18, 1, size)) {
        float[][] dOut = c.upstream(random);
        float[][] all = onCard(c, dOut);
        for (int missing = 0; missing < all.length; missing++) {
          float[][] into = c.like(null);
          into[missing] = null;
          onCard(gradients -> c.back(gradients, into, dOut));
          // a state is there as a whole or not at all
          for (int i = missing < c.states ? c.states : 0; i < all.length; i++) {
            if (i != missing) {
              assertArrayEquals(all[i], into[i], c + ", input " + i);
            }
          }
        }
      }
    }
  }

  @Test
  void aGradientThatNeverArrivedIsZero() {
    Random random = Seeds.random("missing sources on a card");
    for (int size : new int[] {5, 64}) {
      for (WkvCase c : WkvCase.all(random, 2, 18, 1, size)) {
        float[][] dOut = c.upstream(random);
        float[][] onlyY = new float[dOut.length][];
        onlyY[0] = dOut[0];
        float[][] onlyState = dOut.clone();
        onlyState[0] = null;
        float[][] start = c.like(null);
        close(c + " of y", onCpu(c, start, onlyY), onCard(c, onlyY), TOLERANCE);
        close(c + " of the state", onCpu(c, start, onlyState), onCard(c, onlyState), TOLERANCE);
        close(c + " of nothing", start, onCard(c, new float[dOut.length][]), 0);
      }
    }
  }

  /** Decays of 0 forget everything, and those near 0 have gradients like any other. */
  @Test
  void nothingIsDividedByADecay() {
    Random random = Seeds.random("fast decays");
    for (int size : new int[] {6, 64}) {
      for (WkvCase c : WkvCase.all(random, 1, 21, 1, size)) {
        int decays = c.decays();
        for (int i = 0; i < c.x[decays].length; i++) {
          c.x[decays][i] = c.logarithms() ? -80 : i % 3 == 0 ? 0 : 1e-20f;
        }
        float[][] dOut = c.upstream(random);
        float[][] start = c.like(null);
        float[][] found = onCard(c, dOut);
        close(c.toString(), onCpu(c, start, dOut), found, TOLERANCE);
        boolean any = false;
        for (float d : found[decays]) {
          any |= Math.abs(d) > 1e-3;
        }
        assertTrue(any || c.logarithms(), c + " has no gradient of its decays");
      }
    }
  }

  @Test
  void theSameBitsComeEveryTimeAndForASequenceAmongOthers() {
    Random random = Seeds.random("bits");
    for (int size : new int[] {6, 64}) {
      for (WkvCase c : WkvCase.all(random, 1, 20, 1, size)) {
        float[][] dOut = c.upstream(random);
        float[][] first = onCard(c, dOut);
        float[][] again = onCard(c, dOut);
        WkvCase two = c.twice();
        float[][] both = onCard(two, twice(dOut));
        for (int i = 0; i < first.length; i++) {
          assertArrayEquals(first[i], again[i], c + ", input " + i);
          float[] begin = Arrays.copyOf(both[i], first[i].length);
          float[] expected = first[i].clone();
          for (int at = 0; at < expected.length && i >= c.parameters; at++) {
            expected[at] *= 2;
          }
          assertArrayEquals(expected, begin, c + " among others, input " + i);
        }
      }
    }
  }

  private static float[][] twice(float[][] x) {
    return Arrays.stream(x).map(WkvCase::twice).toArray(float[][]::new);
  }

  @Test
  void shapesThatDoNotFitAreRefusedBeforeAnythingRuns() {
    EmulatedDriver card = new EmulatedDriver(null, GIGABYTE);
    try (CudaKernels kernels = new CudaKernels(card)) {
      RecurrenceGradients gradients = kernels.recurrenceGradients();
      CudaBuffer x = (CudaBuffer) kernels.buffer(2, 3, 8);
      CudaBuffer row = (CudaBuffer) kernels.buffer(1, 1, 8);
      CudaBuffer state = (CudaBuffer) kernels.buffer(2, 1, 16);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  gradients.wkv6(
                      null, null, null, null, null, null, x, null, state, x, x, x, x, row, 2));
      assertEquals("[2,1,16] is no state for [2,3,8]", refused.getMessage());
      assertEquals(0, card.launches.size());
    }
  }
}
