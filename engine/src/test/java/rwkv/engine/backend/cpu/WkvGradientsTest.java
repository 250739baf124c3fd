package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;

/** The gradients of all recurrences, at odd sizes. */
class WkvGradientsTest {

  private static final double TOLERANCE = 2e-4;

  /** Numbers of each input whose gradient is compared. */
  private static final int SAMPLES = 60;

  private static float[][] back(WkvCase c, int threads, float[][] dOut) {
    float[][] into = c.like(null);
    try (Workers workers = new Workers(threads)) {
      c.back(new WkvGradients(workers), into, dOut);
    }
    return into;
  }

  private static void close(String what, float[][] expected, float[][] actual, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      Compare.close(what + ", input " + i, expected[i], actual[i], tolerance, tolerance);
    }
  }

  @Test
  void gradientsAreAddedAndAgreeWithFiniteDifferences() {
    Random random = Seeds.random("gradients of recurrences");
    try (Workers workers = new Workers(2)) {
      WkvGradients gradients = new WkvGradients(workers);
      for (int size : new int[] {5, 8}) {
        for (int time : new int[] {1, 15, 16, 17, 37}) {
          for (WkvCase c : WkvCase.all(random, 2, time, 3, size)) {
            float[][] dOut = c.upstream(random);
            float[][] start = c.like(random);
            float[][] into = start.clone();
            for (int i = 0; i < into.length; i++) {
              into[i] = start[i].clone();
            }
            c.back(gradients, into, dOut);
            String what = c.getClass().getSimpleName() + ", " + time + " tokens of " + size;
            for (int i = 0; i < into.length; i++) {
              differences(what + ", input " + i, c, i, dOut, start[i], into[i], random);
            }
          }
        }
      }
    }
  }

  private static void differences(
      String what, WkvCase c, int i, float[][] dOut, float[] start, float[] into, Random random) {
    int n = Math.min(SAMPLES, into.length);
    float[] expected = new float[n];
    float[] actual = new float[n];
    for (int sample = 0; sample < n; sample++) {
      int at = random.nextInt(into.length);
      expected[sample] = start[at] + (float) c.difference(i, at, dOut);
      actual[sample] = into[at];
    }
    Compare.close(what, expected, actual, TOLERANCE, TOLERANCE);
  }

  @Test
  void whatNobodyAsksForChangesNothingElse() {
    Random random = Seeds.random("missing destinations");
    for (WkvCase c : WkvCase.all(random, 2, 19, 3, 5)) {
      float[][] dOut = c.upstream(random);
      float[][] all = back(c, 1, dOut);
      for (int missing = 0; missing < all.length; missing++) {
        float[][] into = c.like(null);
        into[missing] = null;
        try (Workers workers = new Workers(1)) {
          c.back(new WkvGradients(workers), into, dOut);
        }
        // a state is there as a whole or not at all
        for (int i = missing < c.states ? c.states : 0; i < all.length; i++) {
          if (i != missing) {
            assertArrayEquals(all[i], into[i], c.getClass().getSimpleName() + ", input " + i);
          }
        }
      }
    }
  }

  @Test
  void aGradientThatNeverArrivedIsZero() {
    Random random = Seeds.random("missing sources");
    for (WkvCase c : WkvCase.all(random, 2, 19, 3, 5)) {
      String what = c.getClass().getSimpleName();
      float[][] dOut = c.upstream(random);
      float[][] zeros = new float[dOut.length][];
      for (int i = 0; i < dOut.length; i++) {
        zeros[i] = new float[dOut[i].length];
      }
      float[][] onlyY = zeros.clone();
      onlyY[0] = dOut[0];
      float[][] onlyState = dOut.clone();
      onlyState[0] = zeros[0];
      float[][] missing = new float[dOut.length][];
      missing[0] = dOut[0];
      close(what + " without a state", back(c, 1, onlyY), back(c, 1, missing), 1e-5);
      missing = dOut.clone();
      missing[0] = null;
      close(what + " without y", back(c, 1, onlyState), back(c, 1, missing), 1e-5);
      close(what, back(c, 1, zeros), back(c, 1, new float[dOut.length][]), 0);
    }
  }

  @Test
  void twoHalvesGiveTheGradientOfTheWhole() {
    Random random = Seeds.random("halves");
    int time = 41;
    for (int cut : new int[] {1, 16, 23}) {
      for (WkvCase c : WkvCase.all(random, 2, time, 2, 8)) {
        float[][] dOut = c.upstream(random);
        float[][] whole = back(c, 1, dOut);
        WkvCase first = c.part(0, cut);
        WkvCase second = c.part(cut, time);
        float[][] dSecond = dOut.clone();
        dSecond[0] = c.tokens(dOut[0], cut, time);
        float[][] late = back(second, 1, dSecond);
        float[][] dFirst = new float[dOut.length][];
        dFirst[0] = c.tokens(dOut[0], 0, cut);
        System.arraycopy(late, 0, dFirst, 1, c.states);
        float[][] early = back(first, 1, dFirst);
        close(c.getClass().getSimpleName(), whole, joined(c, early, late, cut), 1e-4);
      }
    }
  }

  private static float[][] joined(WkvCase c, float[][] early, float[][] late, int cut) {
    float[][] whole = early.clone();
    for (int i = c.states; i < whole.length; i++) {
      float[] all = new float[c.x[i].length];
      if (i >= c.parameters) {
        for (int j = 0; j < all.length; j++) {
          all[j] = early[i][j] + late[i][j];
        }
      } else {
        int n = c.channels();
        for (int b = 0; b < c.batch; b++) {
          int first = b * c.time * n;
          System.arraycopy(early[i], b * cut * n, all, first, cut * n);
          int rest = (c.time - cut) * n;
          System.arraycopy(late[i], b * rest, all, first + cut * n, rest);
        }
      }
      whole[i] = all;
    }
    return whole;
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() {
    Random random = Seeds.random("threads");
    List<WkvCase> cases = new ArrayList<>(WkvCase.all(random, 3, 37, 3, 8));
    cases.addAll(WkvCase.all(random, 2, 40, 2, 40));
    for (WkvCase c : cases) {
      float[][] dOut = c.upstream(random);
      float[][] one = back(c, 1, dOut);
      for (int threads : new int[] {2, 3}) {
        float[][] several = back(c, threads, dOut);
        for (int i = 0; i < one.length; i++) {
          String what = c.getClass().getSimpleName() + " on " + threads + " threads, input " + i;
          assertArrayEquals(one[i], several[i], what);
        }
      }
    }
  }

  @Test
  void roomThatAnotherCallLeftChangesNothing() {
    Random random = Seeds.random("room");
    try (Workers workers = new Workers(2)) {
      WkvGradients used = new WkvGradients(workers);
      for (int[] shape : new int[][] {{2, 37, 3, 8}, {1, 5, 2, 8}, {2, 20, 1, 5}, {2, 50, 2, 8}}) {
        for (WkvCase c : WkvCase.all(random, shape)) {
          float[][] dOut = c.upstream(random);
          float[][] into = c.like(null);
          c.back(used, into, dOut);
          float[][] fresh = back(c, 1, dOut);
          for (int i = 0; i < into.length; i++) {
            assertArrayEquals(fresh[i], into[i], c.getClass().getSimpleName() + ", input " + i);
          }
        }
      }
    }
  }

  @Test
  void theFormulasAreThoseOfTheForwardPass() {
    Random random = Seeds.random("forward");
    try (VectorKernels kernels = new VectorKernels(1)) {
      for (WkvCase c : WkvCase.all(random, 2, 18, 3, 5)) {
        double[][] out = c.outputs(WkvCase.doubles(c.x));
        float[][] forward = c.forward(kernels);
        for (int i = 0; i < out.length; i++) {
          String what = c.getClass().getSimpleName() + ", output " + i;
          Compare.close(what, WkvCase.floats(out[i]), forward[i], TOLERANCE, TOLERANCE);
        }
      }
    }
  }
}
