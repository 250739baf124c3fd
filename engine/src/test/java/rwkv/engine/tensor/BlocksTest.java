package rwkv.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.check.RandomBlocks;

/** Blocks against a decoder that takes each number's bits one by one, as the format puts them. */
class BlocksTest {

  private static final int BLOCKS = 50;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void everyNumberOfABlockIsWhatTheFormatSays(DType dtype) {
    byte[] bytes = new byte[BLOCKS * dtype.blockBytes()];
    MemorySegment data = MemorySegment.ofArray(bytes);
    RandomBlocks.fill(data, dtype, 1, Seeds.random(dtype.name()));
    int size = dtype.blockSize();
    float[] expected = new float[BLOCKS * size];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (float) number(dtype, bytes, i / size * dtype.blockBytes(), i % size) + 0f;
    }
    Tensor tensor = new Tensor("t", dtype, Shape.of(BLOCKS, size), data);
    float[] read = tensor.toFloats();
    for (int i = 0; i < read.length; i++) {
      assertEquals(expected[i], read[i] + 0f, dtype + ", number " + i);
      assertEquals(read[i], tensor.get(i), dtype + ", number " + i);
    }
    float[] some = new float[3 + 2 * size];
    tensor.read(7L * size, 2 * size, some, 3);
    for (int i = 0; i < 2 * size; i++) {
      assertEquals(read[7 * size + i], some[3 + i]);
    }
  }

  private static double number(DType dtype, byte[] b, int at, int i) {
    int group = i / 64 * 32 + i % 32;
    return switch (dtype) {
      case Q8_0 -> half(b, at) * b[at + 2 + i];
      case Q4_0 -> half(b, at) * (nibble(b, at + 2 + i % 16, i / 16) - 8);
      case Q4_1 -> half(b, at) * nibble(b, at + 4 + i % 16, i / 16) + half(b, at + 2);
      case Q5_0 -> half(b, at) * (nibble(b, at + 6 + i % 16, i / 16) + 16 * bit(b, at + 2, i) - 16);
      case Q5_1 ->
          half(b, at) * (nibble(b, at + 8 + i % 16, i / 16) + 16 * bit(b, at + 4, i))
              + half(b, at + 2);
      case Q4_K ->
          half(b, at) * sixBits(b, at + 4, i / 32) * nibble(b, at + 16 + group, i / 32 % 2)
              - half(b, at + 2) * sixBits(b, at + 4, 8 + i / 32);
      case Q5_K ->
          half(b, at)
                  * sixBits(b, at + 4, i / 32)
                  * (nibble(b, at + 48 + group, i / 32 % 2) + 16 * bit(b, at + 16 + i % 32, i / 32))
              - half(b, at + 2) * sixBits(b, at + 4, 8 + i / 32);
      case Q6_K -> {
        int part = i / 32 % 4;
        int low = nibble(b, at + i / 128 * 64 + i % 64, part / 2);
        int high = at + 128 + i / 128 * 32 + i % 32;
        int q = low + 16 * bit(b, high, 2 * part) + 32 * bit(b, high, 2 * part + 1);
        yield half(b, at + 208) * b[at + 192 + i / 16] * (q - 32);
      }
      default -> throw new IllegalArgumentException(dtype.name());
    };
  }

  /** Entry 0 to 7 are scales, 8 to 15 minima, out of twelve bytes. */
  private static int sixBits(byte[] b, int at, int entry) {
    int run = entry % 8;
    boolean minimum = entry >= 8;
    int sum = 0;
    for (int k = 0; k < 6; k++) {
      int place;
      if (run < 4) {
        place = ((minimum ? 4 : 0) + run) * 8 + k;
      } else if (k < 4) {
        place = (run + 4) * 8 + (minimum ? 4 : 0) + k;
      } else {
        place = ((minimum ? 4 : 0) + run - 4) * 8 + 2 + k;
      }
      sum += bit(b, at, place) << k;
    }
    return sum;
  }

  private static int bit(byte[] b, int at, int place) {
    return b[at + place / 8] >> place % 8 & 1;
  }

  private static int nibble(byte[] b, int at, int which) {
    int sum = 0;
    for (int k = 0; k < 4; k++) {
      sum += bit(b, at, 4 * which + k) << k;
    }
    return sum;
  }

  private static double half(byte[] b, int at) {
    return Float.float16ToFloat((short) (b[at] & 255 | b[at + 1] << 8));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void aBlockIsFiniteWhereItsScalesAre(DType dtype) {
    byte[] bytes = new byte[2 * dtype.blockBytes()];
    MemorySegment data = MemorySegment.ofArray(bytes);
    RandomBlocks.fill(data, dtype, 1, new Random(1));
    Tensor tensor = new Tensor("t", dtype, Shape.of(2L * dtype.blockSize()), data);
    assertTrue(tensor.isBlockFinite(1));
    bytes[dtype.blockBytes() + (dtype == DType.Q6_K ? 209 : 1)] = 0x7c;
    assertTrue(tensor.isBlockFinite(0));
    assertFalse(tensor.isBlockFinite(1));
  }

  @Test
  void rowsMustBeWholeBlocks() {
    MemorySegment data = MemorySegment.ofArray(new byte[3 * 34]);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Tensor("t", DType.Q8_0, Shape.of(2, 48), data));
    assertTrue(refusal.getMessage().contains("t Q8_0 [2,48]"), refusal.getMessage());
    Tensor tensor = new Tensor("t", DType.Q8_0, Shape.of(3, 32), data);
    assertThrows(IllegalArgumentException.class, () -> tensor.read(16, 32, new float[32], 0));
    assertArrayEquals(new float[32], tensor.slices(1, 1).toFloats());
  }
}
