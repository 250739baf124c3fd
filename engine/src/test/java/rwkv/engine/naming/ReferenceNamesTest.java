package rwkv.engine.naming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.ReferenceData;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;

/** A model's files of other formats hold the official tensors of its .pth. */
class ReferenceNamesTest {

  /** Some steps of the smallest numbers that f16 has, in which scales are. */
  private static final double SMALLEST = 1e-6;

  /**
   * @param relative how far a number may be off, as a part of the largest in its tensor: nothing
   *     where the type holds what the .pth holds, a step of the type where it is quantised
   */
  @ParameterizedTest
  @CsvSource({
    "gguf/v6-c128-l2-v256-f32.gguf, v6/v6-c128-l2-v256-bf16.pth, 0",
    "gguf/v6-c128-l2-v256-rescale1-f16.gguf, v6/v6-c128-l2-v256-bf16.pth, 1e-6",
    "gguf/v6-c128-l2-v256-q8_0.gguf, v6/v6-c128-l2-v256-bf16.pth, 0.005",
    "gguf/tiny-rwkv-7v0-834K-f16.gguf, tiny/tiny-rwkv-7v0-834K-fp32.pth, 1e-6",
    "gguf/tiny-rwkv-7v0-834K-q8_0.gguf, tiny/tiny-rwkv-7v0-834K-fp32.pth, 0.005",
    "tiny/tiny-rwkv-4v0-660K-Q5_1.bin, tiny/tiny-rwkv-4v0-660K-fp32.pth, 0.04",
    "tiny/tiny-rwkv-5v2-730K-Q5_0.bin, tiny/tiny-rwkv-5v2-730K-fp32.pth, 0.08",
    "tiny/tiny-rwkv-7v0-834K-Q5_1.bin, tiny/tiny-rwkv-7v0-834K-fp32.pth, 0.04",
  })
  void holdsTheTensorsOfThePth(String file, String pth, double relative) {
    try (Checkpoint stored = Checkpoints.open(ReferenceData.require(file));
        Checkpoint original = Checkpoints.open(ReferenceData.require(pth))) {
      Map<String, Part> expected = OfficialTensors.of(original).parts();
      Map<String, Part> found = OfficialTensors.of(stored).parts();
      expected.forEach((name, part) -> {
        if (!name.matches("blocks\\.0\\.att\\.v[012]")) {
          assertTrue(found.containsKey(name), name);
          close(name, part, found.get(name), relative);
        }
      });
      assertTrue(expected.keySet().containsAll(found.keySet()), () -> found.keySet().toString());
    }
  }

  private static void close(String name, Part expected, Part found, double relative) {
    assertEquals(expected.shape().squeezed(), found.shape().squeezed(), name);
    double[] numbers = Undone.values(expected);
    double[] other = Undone.values(found);
    double largest = 0;
    for (double x : numbers) {
      largest = Math.max(largest, Math.abs(x));
    }
    // Decays that were stored exponentiated come back through f32.
    double forms = found.form() == Form.OFFICIAL ? 0 : 1e-5;
    for (int i = 0; i < numbers.length; i++) {
      int index = i;
      assertEquals(
          numbers[i],
          other[i],
          largest * (relative + forms) + (relative == 0 ? 0 : SMALLEST),
          () -> name + " at " + index);
    }
  }
}
