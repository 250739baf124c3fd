package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;

/** Gradients must be what finite differences of the reference kernels say. */
class GradientsTest {

  private static final float STEP = 1e-2f;
  private static final double TOLERANCE = 2e-3;
  private static final int SAMPLES = 40;

  @AutoClose private final Workers workers = new Workers(3);
  @AutoClose private final Kernels reference = new ReferenceKernels();
  private final Gradients gradients = new VectorGradients(workers, 0);

  static Stream<Operation> operations() {
    return Arrays.stream(Operation.all());
  }

  /** An operation with numbers in it. */
  private record Case(Operation op, Buffer[] in, Buffer[] out, Buffer[] dOut, Buffer[] start) {

    static Case of(Operation op, int batch, int time, int channels, Random random, Kernels k) {
      Buffer[] in = Operation.random(op.sources(), batch, time, channels, random);
      Buffer[] out = Operation.random(op.outputs(), batch, time, channels, random);
      op.forward().run(k, out, in);
      return new Case(
          op,
          in,
          out,
          Operation.random(op.outputs(), batch, time, channels, random),
          Operation.random(op.sources(), batch, time, channels, random));
    }

    /** What the gradients are added to, for the sources whose bit is set. */
    @Nullable Buffer[] destinations(int asked) {
      Buffer[] d = new Buffer[start.length];
      for (int i = 0; i < d.length; i++) {
        if ((asked >> i & 1) != 0) {
          d[i] = CpuBuffer.zeros(start[i].batch(), start[i].time(), start[i].channels());
          d[i].write(0, start[i].toArray(), 0, start[i].length());
        }
      }
      return d;
    }

    @Nullable Buffer[] run(Gradients g, int asked) {
      @Nullable Buffer[] d = destinations(asked);
      op.backward().run(g, d, dOut, in, out);
      return d;
    }

    int all() {
      return (1 << in.length) - 1;
    }

    /** ∂⟨out, dOut⟩/∂in[source][i], by central differences. */
    double difference(Kernels k, int source, int i) {
      return (loss(k, source, i, STEP) - loss(k, source, i, -STEP)) / (2 * STEP);
    }

    private double loss(Kernels k, int source, int i, float step) {
      float[] value = new float[1];
      in[source].read(i, value, 0, 1);
      in[source].write(i, new float[] {value[0] + step}, 0, 1);
      Buffer[] moved =
          Operation.random(
              op.outputs(), in[0].batch(), in[0].time(), in[0].channels(), new Random(1));
      op.forward().run(k, moved, in);
      in[source].write(i, value, 0, 1);
      double sum = 0;
      for (int o = 0; o < moved.length; o++) {
        float[] y = moved[o].toArray();
        float[] up = dOut[o].toArray();
        for (int j = 0; j < y.length; j++) {
          sum += (double) y[j] * up[j];
        }
      }
      return sum;
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void addsWhatFiniteDifferencesSay(Operation op) {
    Random random = Seeds.random(op.name());
    for (int channels : new int[] {24, 39}) {
      Case c = Case.of(op, 2, 5, channels, random, reference);
      @Nullable Buffer[] d = c.run(gradients, c.all());
      for (int source = 0; source < d.length; source++) {
        float[] actual = d[source].toArray();
        float[] before = c.start()[source].toArray();
        for (int sample = 0; sample < SAMPLES; sample++) {
          int i = random.nextInt(actual.length);
          double expected = c.difference(reference, source, i);
          assertEquals(
              expected,
              actual[i] - before[i],
              TOLERANCE * (1 + Math.abs(expected)),
              "number " + i + " of source " + source + " at " + channels + " channels");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void leavesOutWhatNobodyAsksForAndNothingElse(Operation op) {
    Case c = Case.of(op, 2, 5, 39, Seeds.random(op.name()), reference);
    if (c.in().length == 1) {
      return;
    }
    @Nullable Buffer[] whole = c.run(gradients, c.all());
    for (int asked = 0; asked < c.all(); asked++) {
      @Nullable Buffer[] some = c.run(gradients, asked);
      for (int i = 0; i < some.length; i++) {
        if (some[i] != null) {
          assertArrayEquals(whole[i].toArray(), some[i].toArray(), "source " + i + " of " + asked);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void givesTheSameBitsWhateverTheThreads(Operation op) {
    Case c = Case.of(op, 3, 47, 39, Seeds.random(op.name()), reference);
    @Nullable Buffer[] expected = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Workers some = new Workers(threads)) {
        @Nullable Buffer[] actual = c.run(new VectorGradients(some, 0), c.all());
        expected = expected == null ? actual : expected;
        for (int i = 0; i < actual.length; i++) {
          assertArrayEquals(expected[i].toArray(), actual[i].toArray(), threads + " threads");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void sumsOfManyRowsAreThoseOfTheirParts(Operation op) {
    Random random = Seeds.random(op.name());
    Case c = Case.of(op, 2, 90, 24, random, reference);
    @Nullable Buffer[] d = c.run(gradients, c.all());
    for (int source = 0; source < d.length; source++) {
      float[] actual = d[source].toArray();
      float[] before = c.start()[source].toArray();
      for (int sample = 0; sample < 4; sample++) {
        int i = random.nextInt(actual.length);
        double expected = c.difference(reference, source, i);
        double allowed = 4 * TOLERANCE * (1 + Math.abs(expected));
        assertEquals(expected, actual[i] - before[i], allowed, "number " + i + " of " + source);
      }
    }
  }

  @Test
  void theTokenShiftTakesOneGradientWithoutTheOther() {
    Random random = Seeds.random("token shift");
    Buffer[] d = Operation.random("FS", 2, 5, 39, random);
    Buffer[] up = Operation.random("FS", 2, 5, 39, random);
    float[] z = d[0].toArray();
    float[] shift = d[1].toArray();
    gradients.tokenShift(d[0], d[1], null, up[1]);
    float[] after = up[1].toArray();
    for (int c = 0; c < 39; c++) {
      z[4 * 39 + c] += after[c];
      z[9 * 39 + c] += after[39 + c];
    }
    assertArrayEquals(z, d[0].toArray());
    assertArrayEquals(shift, d[1].toArray());
    gradients.tokenShift(d[0], d[1], up[0], null);
    assertEquals(shift[40] + up[0].toArray()[5 * 39 + 1], d[1].toArray()[40]);
    float[] delta = up[0].toArray();
    assertEquals(z[9 * 39] - delta[9 * 39], d[0].toArray()[9 * 39]);
    assertEquals(z[39] - delta[39] + delta[2 * 39], d[0].toArray()[39]);
  }

  @Test
  void twoGradientsMayGoToOneBuffer() {
    Random random = Seeds.random("square");
    Buffer[] b = Operation.random("FFF", 2, 5, 39, random);
    float[] expected = b[0].toArray();
    float[] up = b[1].toArray();
    float[] x = b[2].toArray();
    gradients.multiply(b[0], b[0], b[1], b[2], b[2]);
    for (int i = 0; i < expected.length; i++) {
      expected[i] += 2 * up[i] * x[i];
    }
    Compare.close("gradient of a square", expected, b[0].toArray(), 1e-5, 1e-6);
  }

  @Test
  void aRemovalKeyOfZerosHasAFloorForItsNorm() {
    Buffer d = CpuBuffer.zeros(1, 1, 6);
    Buffer dScale = CpuBuffer.zeros(1, 1, 6);
    Buffer up = CpuBuffer.zeros(1, 1, 6);
    up.write(0, new float[] {1, -2, 3, 0, 4, 5}, 0, 6);
    Buffer scale = CpuBuffer.zeros(1, 1, 6);
    scale.write(0, new float[] {1, 2, 3, 4, 5, 6}, 0, 6);
    gradients.removalKey7(d, dScale, up, CpuBuffer.zeros(1, 1, 6), scale, 2);
    float[] expected = {1e12f, -4e12f, 9e12f, 0, 20e12f, 30e12f};
    Compare.close("gradient at zero", expected, d.toArray(), 0, 1e-6);
    assertArrayEquals(new float[6], dScale.toArray());
  }

  @Test
  void aDecayThatHasFallenToZeroHasNoGradient() {
    Buffer x = CpuBuffer.zeros(1, 1, 9);
    float[] large = new float[9];
    Arrays.fill(large, 100);
    x.write(0, large, 0, 9);
    Buffer d = CpuBuffer.zeros(1, 1, 9);
    gradients.decay6(d, x, x, CpuBuffer.zeros(1, 1, 9));
    assertArrayEquals(new float[9], d.toArray());
  }

  @Test
  void aGradientOfAnotherShapeIsRefused() {
    Buffer full = CpuBuffer.zeros(2, 5, 8);
    Buffer row = CpuBuffer.zeros(1, 1, 8);
    var problem =
        assertThrows(
            IllegalArgumentException.class, () -> gradients.multiply(row, null, full, full, full));
    assertEquals("[1,1,8] is no gradient for [2,5,8]", problem.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> gradients.lerp(null, null, row, full, full, full, full));
  }
}
