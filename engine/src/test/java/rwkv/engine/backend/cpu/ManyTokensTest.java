package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.check.RandomBlocks;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class ManyTokensTest {

  @AutoClose private final Arena arena = Arena.ofShared();

  private static final float GUARD = -12345.5f;
  private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 33, 70};

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {
        "F64", "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void manyTokensGiveTheBitsOfOneAtATimeWhateverTheThreads(DType dtype) {
    Random random = Seeds.random("many tokens");
    for (int i = 0; i < TOKENS.length; i++) {
      int block = dtype.isQuantised() ? dtype.blockSize() : 1;
      // Every third is longer than a stretch of columns.
      int most = i % 3 == 0 ? 5000 : 300;
      int in = block * (1 + random.nextInt(Math.ceilDiv(most, block)));
      int threads = 1 + i % 3;
      try (Workers workers = new Workers(threads)) {
        compare(new ManyTokens(workers), dtype, in, TOKENS[i], random);
      }
    }
  }

  private void compare(ManyTokens product, DType dtype, int in, int most, Random random) {
    // The second product finds the memory of the first, which was larger.
    for (int tokens = most; tokens > 0; tokens /= 3) {
      int out = 1 + random.nextInt(80);
      CpuMatrix w = CpuMatrix.of(random(dtype, out, in, random), arena);
      Rows rows = Rows.of(dtype);
      float[] x = Seeds.normal(random, tokens * in, 1);
      float[] actual = new float[tokens * out + 3];
      Arrays.fill(actual, GUARD);
      product.multiply(actual, x, tokens, w, rows, tokens != 2);
      float[] arranged = new float[in];
      float[] expected = new float[out];
      for (int t = 0; t < tokens; t++) {
        rows.arrange(x, t * in, arranged, 0, in);
        rows.times(w, 0, out, arranged, expected, 0);
        for (int r = 0; r < out; r++) {
          String what = dtype + " [" + out + "," + in + "], token " + t + " of " + tokens;
          assertEquals(expected[r], actual[t * out + r], what + ", row " + r);
        }
      }
      for (int i = tokens * out; i < actual.length; i++) {
        assertEquals(GUARD, actual[i], "wrote past its output");
      }
    }
  }

  private static Tensor random(DType dtype, int rows, int in, Random random) {
    byte[] bytes = new byte[(int) dtype.bytes((long) rows * in)];
    MemorySegment data = MemorySegment.ofArray(bytes);
    if (dtype.isQuantised()) {
      RandomBlocks.fill(data, dtype, 1, random);
    } else {
      float[] numbers = Seeds.normal(random, rows * in, 1);
      Quantiser.encode(dtype, numbers, 0, numbers.length, data, 0);
    }
    return new Tensor("t", dtype, Shape.of(rows, in), data);
  }
}
