package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;

/** Exponentials and what is made of them, against double arithmetic over all their arguments. */
class CurvesTest {

  private static final int NUMBERS = 100_000;

  private static final float[] EXTREMES = {
    0,
    -0f,
    1,
    -1,
    88.72283f,
    88.72284f,
    88.72285f,
    89,
    104,
    1e4f,
    1e30f,
    Float.MAX_VALUE,
    -87.33654f,
    -87.4f,
    -103.27893f,
    -103.97f,
    -103.98f,
    -104,
    -105,
    -1e4f,
    -1e30f,
    -Float.MAX_VALUE,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    0.625f,
    -0.625f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  /** A curve over a row. */
  interface Row {
    void run(float[] out, float[] x, int at, int n);
  }

  /**
   * @param ulps how far a result may be from the true one, in units of its last place
   * @param absolute and beside that, for differences of what is nearly equal
   */
  record Curve(String name, Row row, DoubleUnaryOperator truth, double ulps, double absolute) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Curve> curves() {
    DoubleUnaryOperator sigmoid = x -> 1 / (1 + StrictMath.exp(-x));
    return Stream.of(
        new Curve("e⁻ˣ", Curves::decline, x -> StrictMath.exp(-x), 1, 0),
        new Curve("σ", Curves::sigmoid, sigmoid, 2.5, 2 * Float.MIN_NORMAL),
        new Curve(
            "silu", Curves::silu, x -> x * sigmoid.applyAsDouble(x), 3, 200 * Float.MIN_NORMAL),
        new Curve("tanh", Curves::tanh, StrictMath::tanh, 2, 0),
        new Curve("decay6", Curves::decay6, x -> StrictMath.exp(-StrictMath.exp(x)), 2, 1e-7),
        new Curve(
            "decay7",
            Curves::decay7,
            x -> StrictMath.exp(-ReferenceKernels.DECAY_SCALE * sigmoid.applyAsDouble(x)),
            2,
            0));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void isWhatDoubleArithmeticGives(Curve curve) {
    float[] x = arguments();
    float[] out = new float[x.length];
    curve.row.run(out, x, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double truth = curve.truth.applyAsDouble(x[i]);
      String what = curve + " of " + x[i] + " is " + out[i] + ", expected " + truth;
      if (Double.isNaN(truth) || Double.isInfinite((float) truth)) {
        assertEquals((float) truth, out[i], what);
      } else {
        double allowed = curve.ulps * Math.ulp((float) truth) + curve.absolute;
        assertTrue(Math.abs(out[i] - truth) <= allowed, what);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void whereANumberStandsDoesNotChangeABitOfItsResult(Curve curve) {
    Random random = Seeds.random("places");
    float[] x = Arrays.copyOf(arguments(), 1_000);
    float[] whole = new float[x.length];
    curve.row.run(whole, x, 0, x.length);
    for (int i = 0; i < 300; i++) {
      int at = random.nextInt(x.length - 40);
      int n = 1 + random.nextInt(40);
      float[] part = x.clone();
      curve.row.run(part, part, at, n);
      for (int j = 0; j < x.length; j++) {
        float expected = j >= at && j < at + n ? whole[j] : x[j];
        assertEquals(expected, part[j], curve + " of " + x[j]);
      }
    }
  }

  @Test
  void theExponentialOfZeroIsOne() {
    float[] one = new float[3];
    Curves.decline(one, one, 0, 3);
    assertEquals(1, one[0]);
    assertEquals(1, one[2]);
  }

  /** Extremes, then numbers of all sizes and many of those that models have. */
  private static float[] arguments() {
    Random random = Seeds.random("arguments");
    float[] x = new float[NUMBERS];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          switch (i % 3) {
            case 0 -> (float) (random.nextGaussian() * 4);
            case 1 -> -110 + 220 * random.nextFloat();
            default -> (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 32));
          };
    }
    System.arraycopy(EXTREMES, 0, x, 0, EXTREMES.length);
    return x;
  }
}
