package rwkv.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;

class QuantiserTest {

  private static final int COUNT = 256 * 40;

  private static Tensor encoded(DType dtype, float... x) {
    MemorySegment data = MemorySegment.ofArray(new byte[(int) dtype.bytes(x.length)]);
    Quantiser.encode(dtype, x, 0, x.length, data, 0);
    return new Tensor("t", dtype, Shape.of(x.length), data);
  }

  private static float[] there(DType dtype, float... x) {
    return encoded(dtype, x).toFloats();
  }

  /** √(Σ (y − x)² / Σ x²) */
  private static double error(float[] x, float[] y) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < x.length; i++) {
      difference += ((double) y[i] - x[i]) * ((double) y[i] - x[i]);
      size += (double) x[i] * x[i];
    }
    return Math.sqrt(difference / size);
  }

  private static float[] heavyTailed(Random random) {
    float[] x = Seeds.normal(random, COUNT, 1);
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] * x[i] * x[i] * 0.02f;
    }
    return x;
  }

  private static String refusal(DType dtype, float... x) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> encoded(dtype, x));
    return String.valueOf(refused.getMessage());
  }

  private static float[] block(float value) {
    float[] x = new float[256];
    Arrays.fill(x, value);
    return x;
  }

  @ParameterizedTest
  @CsvSource({
    "F16, 1.00048828125, 1",
    "F16, 1.00146484375, 1.001953125",
    "F16, 65519, 65504",
    "F16, -65519, -65504",
    "F16, 2.9802322387695312e-8, 0",
    "F16, 2.99e-8, 5.960464477539063e-8",
    "BF16, 1.00390625, 1",
    "BF16, 1.01171875, 1.015625",
    "BF16, 3.39e38, 3.3895313892515355e38",
    "BF16, 1e-40, 9.183549615799121e-41",
    "F32, 0.1, 0.1",
    "F64, 0.1, 0.1",
  })
  void numbersAreRoundedToTheNearestAndToEven(DType dtype, float x, float stored) {
    assertEquals(stored, there(dtype, x)[0]);
    assertEquals(-stored, there(dtype, -x)[0]);
  }

  @ParameterizedTest
  @CsvSource({"F16, 65520", "F16, -1e9", "BF16, 3.4e38"})
  void whatWouldBecomeInfiniteIsRefused(DType dtype, float x) {
    String message = refusal(dtype, 1, 2, x);
    assertTrue(message.contains("number 2") && message.contains(dtype.name()), message);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32", "F16", "BF16"})
  void typesThatHaveInfinitiesKeepThem(DType dtype) {
    float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f};
    assertArrayEquals(x, there(dtype, x));
  }

  @ParameterizedTest
  @CsvSource({
    "Q8_0, 0.0058, 0.0110",
    "Q4_0, 0.0850, 0.1250",
    "Q4_1, 0.0740, 0.1000",
    "Q5_0, 0.0425, 0.0700",
    "Q5_1, 0.0360, 0.0540",
    "Q4_K, 0.0740, 0.1050",
    "Q5_K, 0.0370, 0.0560",
    "Q6_K, 0.0185, 0.0300",
  })
  void theErrorIsSmall(DType dtype, double ofNormal, double ofHeavyTailed) {
    Random random = Seeds.random("quantiser");
    float[] normal = Seeds.normal(random, COUNT, 0.02);
    assertTrue(error(normal, there(dtype, normal)) < ofNormal);
    float[] heavy = heavyTailed(random);
    assertTrue(error(heavy, there(dtype, heavy)) < ofHeavyTailed);
    float[] high = Seeds.normal(random, COUNT, 0.3);
    for (int i = 0; i < high.length; i++) {
      high[i] += 1;
    }
    assertTrue(error(high, there(dtype, high)) < ofNormal);
  }

  /** Against the plain way: spread the integers from one end of the block to the other. */
  @ParameterizedTest
  @CsvSource({"Q4_0, 8, false", "Q5_0, 16, false", "Q4_1, 15, true", "Q5_1, 31, true"})
  void theSearchIsBetterThanSpreadingIntegersOverTheRange(DType dtype, int steps, boolean minimum) {
    float[] x = heavyTailed(Seeds.random("search"));
    float[] plain = new float[x.length];
    for (int from = 0; from < x.length; from += 32) {
      float[] block = Arrays.copyOfRange(x, from, from + 32);
      Arrays.sort(block);
      float low = block[0];
      float high = block[31];
      float extreme = -low > high ? low : high;
      float scale = minimum ? (high - low) / steps : extreme / -steps;
      for (int i = from; i < from + 32; i++) {
        float q = Math.round(minimum ? (x[i] - low) / scale : x[i] / scale);
        plain[i] = minimum ? low + scale * q : scale * Math.min(q, steps - 1f);
      }
    }
    double found = error(x, there(dtype, x));
    assertTrue(found < error(x, plain), found + " and plainly " + error(x, plain));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q5_0"})
  void numbersThatBlocksHoldStayAsTheyAre(DType dtype) {
    Random random = Seeds.random("twice");
    for (double size : new double[] {1, 0.01, 300}) {
      float[] once = there(dtype, Seeds.normal(random, COUNT, size));
      assertArrayEquals(once, there(dtype, once));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void blocksOfOneNumberHoldItClosely(DType dtype) {
    for (float zero : there(dtype, block(0))) {
      assertTrue(zero == 0);
    }
    for (float value : new float[] {1, -1, 0.1f, -0.1f, 1234.5f, -60000, 60000}) {
      double error = error(block(value), there(dtype, block(value)));
      assertTrue(error < 0x1p-10, dtype + " of " + value + ": " + error);
    }
    float[] single = block(0);
    single[77] = -3;
    assertEquals(-3, there(dtype, single)[77], 0.003f);
    single[77] = 3;
    assertEquals(3, there(dtype, single)[77], 0.003f);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void numbersBelowTheSmallestScalesLoseNoMoreThanOneStep(DType dtype) {
    Random random = Seeds.random("small");
    for (double size : new double[] {3e-6, 1e-6, 1e-7, 1e-9, 1e-40}) {
      float[] x = Seeds.normal(random, 256, size);
      double lost = error(x, there(dtype, x)) * size;
      assertTrue(lost < Math.max(0x1p-24, 0.15 * size), dtype + " of " + size + ": " + lost);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void whatNoScaleCanHoldIsRefused(DType dtype) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] x = block(1);
      x[99] = bad;
      assertTrue(refusal(dtype, x).contains("number 99"), refusal(dtype, x));
    }
    for (float huge : new float[] {1e12f, 1e30f, Float.MAX_VALUE}) {
      float[] x = block(1);
      x[40] = huge;
      x[41] = -huge;
      String message = refusal(dtype, x);
      assertTrue(message.contains("too large for " + dtype), message);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q4_1", "Q5_1"})
  void aMinimumThatIsRoundedStillLeavesTheRangeInReach(DType dtype) {
    Random random = Seeds.random("far from zero");
    for (int trial = 0; trial < 50; trial++) {
      float[] x = Seeds.normal(random, 32, 1);
      float middle = random.nextFloat() * 4000 - 2000;
      for (int i = 0; i < x.length; i++) {
        x[i] += middle;
      }
      float[] y = there(dtype, x);
      for (int i = 0; i < x.length; i++) {
        assertEquals(x[i], y[i], 1, "around " + middle);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void onlyItsBytesAreWritten(DType dtype) {
    if (!dtype.isFloating()) {
      assertThrows(IllegalArgumentException.class, () -> encoded(dtype, 1));
      return;
    }
    int size = dtype.blockSize();
    float[] x = Seeds.normal(Seeds.random("bytes"), 4 * size, 1);
    byte[] guarded = new byte[3 + 2 * dtype.blockBytes() + 3];
    Arrays.fill(guarded, (byte) 0x5a);
    Quantiser.encode(dtype, x, size, 2 * size, MemorySegment.ofArray(guarded), 3);
    Tensor part = encoded(dtype, Arrays.copyOfRange(x, size, 3 * size));
    byte[] expected = part.data().toArray(ValueLayout.JAVA_BYTE);
    assertArrayEquals(expected, Arrays.copyOfRange(guarded, 3, guarded.length - 3));
    for (int i = 0; i < 3; i++) {
      assertEquals(0x5a, guarded[i]);
      assertEquals(0x5a, guarded[guarded.length - 1 - i]);
    }
  }

  @Test
  void partsOfBlocksAreRefused() {
    assertTrue(refusal(DType.Q8_0, new float[33]).contains("33 numbers"));
  }
}
