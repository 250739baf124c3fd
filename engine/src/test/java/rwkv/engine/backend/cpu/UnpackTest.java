package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.backend.RandomBlocks;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class UnpackTest {

  private static final float GUARD = -12345.5f;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void anyBlocksOfARowUnpackToWhatTheTensorHolds(DType dtype) {
    Random random = Seeds.random("unpack");
    int size = dtype.blockSize();
    int in = 7 * size;
    // Odd addresses, and nothing behind the last byte.
    byte[] bytes = new byte[1 + (int) dtype.bytes(3L * in)];
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(1);
    RandomBlocks.fill(data, dtype, 1, random);
    Tensor tensor = new Tensor("t", dtype, Shape.of(3, in), data);
    float[] expected = tensor.toFloats();
    Unpack unpack = new Unpack(CpuMatrix.of(tensor), in);
    for (int trial = 0; trial < 100; trial++) {
      int row = random.nextInt(3);
      int first = random.nextInt(7);
      int blocks = random.nextInt(7 - first) + 1;
      int start = random.nextInt(5);
      float[] to = new float[start + blocks * size + 4];
      Arrays.fill(to, GUARD);
      unpack.columns(row, first * size, blocks * size, to, start);
      for (int i = 0; i < to.length; i++) {
        boolean within = i >= start && i < start + blocks * size;
        float wanted = within ? expected[row * in + first * size + i - start] : GUARD;
        // Zeros may differ in sign.
        assertEquals(wanted + 0f, to[i] + 0f, dtype + ", number " + i);
      }
    }
  }
}
