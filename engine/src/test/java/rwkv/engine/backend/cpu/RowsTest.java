package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.check.RandomBlocks;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class RowsTest {

  private static final int PAGE = 4096;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final float GUARD = -12345.5f;

  @AutoClose private final Arena arena = Arena.ofShared();
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void aRowUnpacksToWhatTheTensorHoldsInTheOrderOfItsActivations(DType dtype) {
    Random random = Seeds.random("unpack");
    for (int blocks = 1; blocks < 9; blocks++) {
      int in = blocks * dtype.blockSize() * (dtype.isQuantised() ? 1 : 1 + random.nextInt(40));
      Tensor tensor = random(dtype, 3, in, random);
      CpuMatrix matrix = CpuMatrix.of(tensor, arena);
      Rows rows = Rows.of(dtype);
      float[] numbers = tensor.toFloats();
      for (int row = 0; row < 3; row++) {
        float[] expected = guarded(in);
        rows.arrange(numbers, row * in, expected, 2, in);
        float[] unpacked = guarded(in);
        rows.unpack(matrix, row, unpacked, 2, new float[rows.room(in)]);
        for (int i = 0; i < expected.length; i++) {
          // Zeros may differ in sign.
          assertEquals(expected[i] + 0f, unpacked[i] + 0f, dtype + ", " + in + ", number " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void productsAreThoseOfTheUnpackedWeightsToTheBitInAnyRangeOfRows(DType dtype) {
    Random random = Seeds.random("products");
    for (int blocks : new int[] {1, 2, 3, 5, 37}) {
      int in = blocks * (dtype.isQuantised() ? dtype.blockSize() : 29);
      int out = 1 + random.nextInt(23);
      Tensor tensor = random(dtype, out, in, random);
      CpuMatrix matrix = CpuMatrix.of(tensor, arena);
      Rows rows = Rows.of(dtype);
      float[] x = new float[in];
      for (int i = 0; i < in; i++) {
        x[i] = (float) random.nextGaussian();
      }
      float[] arranged = new float[in];
      rows.arrange(x, 0, arranged, 0, in);
      float[] found = guarded(out);
      int cut = random.nextInt(out + 1);
      rows.times(matrix, 0, cut, arranged, found, 2);
      rows.times(matrix, cut, out, arranged, found, 2);
      float[] row = new float[in];
      for (int r = 0; r < out; r++) {
        rows.unpack(matrix, r, row, 0, new float[rows.room(in)]);
        assertEquals(chained(row, arranged), found[2 + r], dtype + ", " + in + ", row " + r);
      }
      assertEquals(GUARD, found[1]);
      assertEquals(GUARD, found[2 + out]);
    }
  }

  /** The order of sums, written as it is described. */
  private static float chained(float[] w, float[] x) {
    float[] chains = new float[Rows.CHAINS];
    int bound = Rows.bound(w.length);
    for (int i = 0; i < bound; i++) {
      int c = i % Rows.CHAINS;
      chains[c] = Math.fma(w[i], x[i], chains[c]);
    }
    for (int half = Rows.CHAINS / 2; half > 0; half /= 2) {
      for (int c = 0; c < half; c++) {
        chains[c] += chains[c + half];
      }
    }
    float sum = chains[0];
    for (int i = bound; i < w.length; i++) {
      sum = Math.fma(w[i], x[i], sum);
    }
    return sum;
  }

  private static float[] guarded(int count) {
    float[] numbers = new float[count + 4];
    Arrays.fill(numbers, GUARD);
    return numbers;
  }

  /** Stored at the end of a mapped file's last page: a kernel that reads on would not come back. */
  private Tensor random(DType dtype, int out, int in, Random random) {
    long bytes = dtype.bytes((long) out * in);
    long whole = Math.ceilDiv(bytes, PAGE) * PAGE;
    MemorySegment data = map(whole).asSlice(whole - bytes);
    Tensor tensor = new Tensor("t", dtype, Shape.of(out, in), data);
    if (dtype.isQuantised()) {
      RandomBlocks.fill(data, dtype, 1, random);
    } else {
      for (int i = 0; i < out * in; i++) {
        store(data, dtype, i, (float) random.nextGaussian());
      }
    }
    return tensor;
  }

  private MemorySegment map(long bytes) {
    try (FileChannel file =
        FileChannel.open(
            Files.createTempFile(folder, "weights", ""),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return file.map(MapMode.READ_WRITE, 0, bytes, arena);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void store(MemorySegment data, DType dtype, int index, float number) {
    switch (dtype) {
      case F32 -> data.set(FLOAT, index * 4L, number);
      case F16 -> data.set(SHORT, index * 2L, Float.floatToFloat16(number));
      default -> data.set(SHORT, index * 2L, (short) (Float.floatToRawIntBits(number) >>> 16));
    }
  }
}
