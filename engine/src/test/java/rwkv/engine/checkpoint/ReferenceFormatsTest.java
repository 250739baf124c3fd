package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.ReferenceData;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Files of llama.cpp and rwkv.cpp, beside the PyTorch files of the same models. */
class ReferenceFormatsTest {

  @Test
  void everyGgufIsRead() {
    List<Path> files = ReferenceData.requireAll(".gguf");
    assertTrue(files.size() >= 5, "only " + files);
    for (Path file : files) {
      try (Checkpoint checkpoint = Checkpoints.open(file)) {
        assertEquals("GGUF", checkpoint.format());
        assertFloatingAndFinite(checkpoint);
        assertEquals(256, checkpoint.vocabulary().size());
        assertEquals("\\x00", checkpoint.vocabulary().getFirst());
        assertEquals("\\xff", checkpoint.vocabulary().getLast());
        assertEquals("rwkv", checkpoint.metadata().get("tokenizer.ggml.model"));
        assertEquals("(256 numbers)", checkpoint.metadata().get("tokenizer.ggml.token_type"));
      }
    }
  }

  @Test
  void theNamesAndShapesOfGgufVersionSix() {
    Path file = ReferenceData.require("gguf/v6-c128-l2-v256-q8_0.gguf");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals(54, checkpoint.tensors().size());
      assertEquals("rwkv6", checkpoint.metadata().get("general.architecture"));
      assertEquals("0", checkpoint.metadata().get("rwkv6.rescale_every_n_layers"));
      assertEquals("1.0E-5", checkpoint.metadata().get("rwkv6.attention.layer_norm_epsilon"));
      Tensors.require(checkpoint, "token_embd.weight", Shape.of(256, 128));
      Tensors.require(checkpoint, "blk.0.time_mix_lerp_fused.weight", Shape.of(5, 1, 1, 128));
      Tensors.require(checkpoint, "blk.0.time_mix_w2.weight", Shape.of(5, 128, 32));
      Tensors.require(checkpoint, "blk.0.time_mix_first.weight", Shape.of(2, 64));
      Tensor key = Tensors.require(checkpoint, "blk.1.channel_mix_key.weight", Shape.of(448, 128));
      assertEquals(DType.Q8_0, key.dtype());
    }
  }

  @ParameterizedTest
  @CsvSource({"f16, 0", "q8_0, 127"})
  void aGgufHoldsWhatThePthHolds(String type, int steps) {
    Path gguf = ReferenceData.require("gguf/tiny-rwkv-7v0-834K-" + type + ".gguf");
    Path pth = ReferenceData.require("tiny/tiny-rwkv-7v0-834K-fp32.pth");
    try (Checkpoint read = Checkpoints.open(gguf);
        Checkpoint official = Checkpoints.open(pth)) {
      assertEquals(342, read.tensors().size());
      Tensors.require(read, "blk.11.time_mix_w1.weight", Shape.of(32, 64));
      assertClose(official, "emb.weight", read, "token_embd.weight", steps);
      assertClose(official, "head.weight", read, "output.weight", steps);
      for (int i = 0; i < 12; i++) {
        String there = "blocks." + i;
        String here = "blk." + i;
        assertClose(official, there + ".ln1.bias", read, here + ".attn_norm.bias", 0);
        assertClose(
            official, there + ".ffn.key.weight", read, here + ".channel_mix_key.weight", steps);
        assertClose(
            official, there + ".ffn.value.weight", read, here + ".channel_mix_value.weight", steps);
        assertClose(
            official, there + ".att.output.weight", read, here + ".time_mix_output.weight", steps);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4v0-660K, Q5_1, 78", "5v2-730K, Q5_0, 270", "7v0-834K, Q5_1, 339"})
  void anRwkvCppFileHoldsWhatThePthHolds(String model, DType type, int tensors) {
    Path bin = ReferenceData.require("tiny/tiny-rwkv-" + model + "-" + type + ".bin");
    Path pth = ReferenceData.require("tiny/tiny-rwkv-" + model + "-fp32.pth");
    try (Checkpoint read = Checkpoints.open(bin);
        Checkpoint official = Checkpoints.open(pth)) {
      assertEquals("rwkv.cpp .bin", read.format());
      assertEquals(tensors, read.tensors().size());
      assertEquals(type.name(), read.metadata().get("rwkv.cpp.data_type"));
      assertEquals("256", read.metadata().get("rwkv.cpp.n_vocab"));
      assertFloatingAndFinite(read);
      assertClose(official, "emb.weight", read, "emb.weight", 0);
      assertClose(official, "ln_out.bias", read, "ln_out.bias", 0);
      // Half of what Q5_0 has, whose range lies around zero.
      int steps = type == DType.Q5_0 ? 15 : 31;
      for (Tensor tensor : read.tensors().values()) {
        if (tensor.dtype() == type) {
          assertClose(official, tensor.name(), read, tensor.name(), steps);
        }
      }
    }
  }

  /** A folder of the reference data has many models, so it is no model. */
  @Test
  void aFolderOfModelsIsRefused() {
    Refused.opening(ReferenceData.require("gguf"), "is a folder with several models");
  }

  /**
   * Both have the same shape, and no number differs by more than a step when the range is cut into
   * {@code steps} of them, and a hundredth (where numbers are as small as 1e-7, f16 scales are
   * coarse); if that is 0, no more than by rounding to F16.
   */
  private static void assertClose(
      Checkpoint official, String there, Checkpoint read, String here, int steps) {
    Tensor expected = Tensors.require(official, there);
    Tensor found = Tensors.require(read, here, expected.shape());
    float[] expectedNumbers = expected.toFloats();
    float[] foundNumbers = found.toFloats();
    if (steps == 0) {
      for (int i = 0; i < expectedNumbers.length && found.dtype() == DType.F16; i++) {
        expectedNumbers[i] = Float.float16ToFloat(Float.floatToFloat16(expectedNumbers[i]));
      }
      assertArrayEquals(expectedNumbers, foundNumbers, here);
      return;
    }
    double largest = 0;
    for (float number : expectedNumbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    double tolerance = 1.01 * largest * (found.dtype() == DType.Q5_1 ? 2 : 1) / steps + 1e-6;
    for (int i = 0; i < expectedNumbers.length; i++) {
      double difference = Math.abs(expectedNumbers[i] - foundNumbers[i]);
      assertTrue(difference <= tolerance, here + " at " + i + ": off by " + difference);
    }
  }

  private static void assertFloatingAndFinite(Checkpoint checkpoint) {
    for (Tensor tensor : checkpoint.tensors().values()) {
      Tensors.requireFloating(checkpoint, tensor);
      assertEquals(OptionalLong.empty(), Tensors.findNonFinite(tensor), tensor::toString);
      assertTrue(Stream.of(0L, tensor.count() - 1).allMatch(i -> Math.abs(tensor.get(i)) < 1e6));
    }
  }
}
