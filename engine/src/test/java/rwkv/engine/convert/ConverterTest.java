package rwkv.engine.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyVersion;
import rwkv.engine.TinyVersion.Sizes;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.ModelFiles;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** What a converted file holds, and what is refused. */
class ConverterTest {

  private static final Sizes SIZES = new Sizes(8, 2, 32, 96, 61);

  @TempDir private Path folder;

  private static List<Tensor> official(TinyVersion version) {
    return version.tensors(Seeds.random("converting " + version), SIZES);
  }

  private Path write(String name, List<Tensor> tensors) {
    Path file = folder.resolve(name);
    SafetensorsWriter.write(file, tensors, Map.of());
    return file;
  }

  private static ConversionReport convert(Path in, Path out, @Nullable DType dtype) {
    return convert(in, out, dtype, null, Progress.NONE);
  }

  private static ConversionReport convert(
      Path in,
      Path out,
      @Nullable DType dtype,
      @Nullable GgufVocabulary vocabulary,
      Progress progress) {
    FileFormat format = FileFormat.of(out).orElseThrow();
    try (Engine engine = Engine.open(in, "reference", 1, Progress.NONE)) {
      Conversion wanted = new Conversion(out, format, dtype, vocabulary);
      return Converter.convert(engine.checkpoint(), engine.spec(), wanted, progress);
    }
  }

  private String refusal(Path in, String out, @Nullable DType dtype) {
    Path file = folder.resolve(out);
    String message =
        assertThrows(CheckpointException.class, () -> convert(in, file, dtype)).getMessage();
    assertFalse(Files.exists(file) && !file.equals(in), "nothing is written");
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void whatNeedsNoChangeKeepsItsBytes(TinyVersion version) {
    List<Tensor> stored = Encoded.as(DType.BF16, official(version));
    Path in = ModelFiles.pth(folder.resolve("model.pth"), stored);
    Path out = folder.resolve("new.safetensors");
    ConversionReport report = convert(in, out, null);
    assertEquals(Map.of(DType.BF16, stored.size()), report.tensors());
    try (Checkpoint file = Checkpoints.open(out)) {
      assertEquals(stored.size(), file.tensors().size());
      for (Tensor tensor : stored) {
        Tensor found = file.tensors().get(tensor.name());
        assertEquals(tensor.shape(), found.shape(), tensor.name());
        assertArrayEquals(
            tensor.data().toArray(ValueLayout.JAVA_BYTE),
            found.data().toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void officialShapesComeBackFromOtherFormats(TinyVersion version) {
    List<Tensor> official = official(version);
    Path in = Written.RWKV_CPP.write(folder, official, DType.F32);
    Path out = folder.resolve("new.safetensors");
    convert(in, out, DType.F32);
    try (Checkpoint file = Checkpoints.open(out)) {
      for (Tensor tensor : official) {
        assertEquals(tensor.shape(), file.tensors().get(tensor.name()).shape(), tensor.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"V6", "V7"})
  void ggufHoldsWhatLlamaCppRequires(TinyVersion version) {
    Path in = write("model.safetensors", official(version));
    Path out = folder.resolve("new.gguf");
    ConversionReport report = convert(in, out, DType.Q4_K);
    assertTrue(report.placeholders());
    assertTrue(report.bytesAfter() < report.bytesBefore());
    String arch = version == TinyVersion.V6 ? "rwkv6" : "rwkv7";
    try (Checkpoint file = Checkpoints.open(out)) {
      Map<String, String> expected = new HashMap<>();
      expected.put("general.architecture", arch);
      expected.put("general.type", "model");
      expected.put("general.name", "model");
      expected.put("general.file_type", "14");
      expected.put("general.quantization_version", "2");
      expected.put(arch + ".context_length", "1048576");
      expected.put(arch + ".embedding_length", "64");
      expected.put(arch + ".block_count", "8");
      expected.put(arch + ".feed_forward_length", "96");
      expected.put(arch + ".wkv.head_size", "32");
      expected.put(arch + ".attention.head_count", "0");
      expected.put(arch + ".attention.layer_norm_epsilon", "1.0E-5");
      expected.put("tokenizer.ggml.model", "rwkv");
      expected.put("tokenizer.ggml.bos_token_id", "0");
      expected.put("tokenizer.ggml.eos_token_id", "0");
      if (version == TinyVersion.V6) {
        expected.put("rwkv6.rescale_every_n_layers", "0");
        expected.put("rwkv6.time_mix_extra_dim", "16");
        expected.put("rwkv6.time_decay_extra_dim", "24");
      } else {
        expected.put("rwkv7.attention.decay_lora_rank", "16");
        expected.put("rwkv7.attention.iclr_lora_rank", "24");
        expected.put("rwkv7.attention.gate_lora_rank", "8");
        expected.put("rwkv7.attention.value_residual_mix_lora_rank", "40");
      }
      expected.forEach((key, value) -> assertEquals(value, file.metadata().get(key), key));
      assertEquals(SIZES.vocabulary(), file.vocabulary().size());
      assertEquals("<s>", file.vocabulary().get(0));
      assertEquals("[PAD60]", file.vocabulary().get(60));
      // Rows of 64 are no whole blocks of 256, so they are of the type with blocks of 32.
      assertType(file, DType.Q5_0, "token_embd.weight", 61, 64);
      assertType(file, DType.Q8_0, "output.weight", 61, 64);
      assertType(file, DType.Q5_0, "blk.7.channel_mix_value.weight", 64, 96);
      assertType(file, DType.F32, "blk.7.time_mix_ln.weight", 64);
    }
  }

  private static void assertType(Checkpoint file, DType dtype, String name, long... sizes) {
    assertEquals(dtype, file.tensors().get(name).dtype(), name);
    assertEquals(Shape.of(sizes), file.tensors().get(name).shape(), name);
  }

  @Test
  void smallTensorsOfAGgufStayAsLlamaCppKeepsThem() {
    Path in = write("model.safetensors", official(TinyVersion.V7));
    Path out = folder.resolve("new.gguf");
    convert(in, out, DType.Q8_0);
    try (Checkpoint file = Checkpoints.open(out)) {
      assertType(file, DType.F32, "blk.0.time_mix_lerp_fused.weight", 6, 1, 1, 64);
      assertType(file, DType.F32, "blk.1.time_mix_w1.weight", 16, 64);
      assertType(file, DType.F32, "blk.1.time_mix_r_k.weight", 64);
      assertType(file, DType.F32, "blk.1.channel_mix_lerp_k.weight", 64);
      assertType(file, DType.F16, "blk.1.time_mix_v1.weight", 40, 64);
      assertType(file, DType.F16, "blk.0.time_mix_v1.weight", 24, 64);
      assertType(file, DType.Q8_0, "blk.1.time_mix_key.weight", 64, 64);
    }
    Path six = write("six.safetensors", official(TinyVersion.V6));
    Path converted = folder.resolve("six.gguf");
    convert(six, converted, DType.Q8_0);
    try (Checkpoint file = Checkpoints.open(converted)) {
      assertType(file, DType.F32, "blk.1.time_mix_lerp_fused.weight", 5, 1, 1, 64);
      assertType(file, DType.F32, "blk.1.time_mix_w2.weight", 5, 64, 16);
      assertType(file, DType.F32, "blk.1.time_mix_first.weight", 2, 32);
      assertType(file, DType.F32, "blk.1.time_mix_decay.weight", 64);
      assertType(file, DType.F32, "blk.1.time_mix_decay_w1.weight", 24, 64);
    }
  }

  @Test
  void rowsThatAreNoBlocksAreF16() {
    Path in = write("odd.safetensors", TinyVersion.V7.tensors(Seeds.random("odd"), Sizes.SMALL));
    Path out = folder.resolve("odd.gguf");
    convert(in, out, DType.Q4_0);
    try (Checkpoint file = Checkpoints.open(out)) {
      assertType(file, DType.F16, "token_embd.weight", 61, 24);
      assertType(file, DType.F16, "blk.1.channel_mix_value.weight", 24, 56);
    }
  }

  @Test
  void aQuantisedFileThatChangesItsFormatOnlyKeepsItsBlocks() {
    Path in = Written.RWKV_CPP.write(folder, official(TinyVersion.V7), DType.Q5_1);
    Path out = folder.resolve("new.gguf");
    convert(in, out, DType.Q5_1);
    try (Checkpoint before = Checkpoints.open(in);
        Checkpoint after = Checkpoints.open(out)) {
      assertArrayEquals(
          before.tensors().get("blocks.3.ffn.key.weight").data().toArray(ValueLayout.JAVA_BYTE),
          after
              .tensors()
              .get("blk.3.channel_mix_key.weight")
              .data()
              .toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void theVocabularyIsWrittenAsPythonWritesBytes() {
    Path in = write("model.safetensors", official(TinyVersion.V7));
    Path out = folder.resolve("new.gguf");
    byte[][] bytes = {
      {},
      "a".getBytes(StandardCharsets.UTF_8),
      {0, 9, 10, 13, 27},
      {(byte) 0xff, '\\'},
      "it's".getBytes(StandardCharsets.UTF_8),
      "'\"".getBytes(StandardCharsets.UTF_8),
      {}
    };
    GgufVocabulary vocabulary = GgufVocabulary.of(bytes.length, id -> bytes[id]);
    assertFalse(convert(in, out, null, vocabulary, Progress.NONE).placeholders());
    Path again = folder.resolve("again.gguf");
    convert(out, again, null);
    for (Path file : List.of(out, again)) {
      try (Checkpoint checkpoint = Checkpoints.open(file)) {
        assertEquals(
            List.of(
                "<s>",
                "a",
                "\\x00\\t\\n\\r\\x1b",
                "\\xff\\\\",
                "it's",
                "\\'\"",
                "[PAD6]",
                "[PAD7]"),
            checkpoint.vocabulary().subList(0, 8));
        assertEquals(SIZES.vocabulary(), checkpoint.vocabulary().size());
      }
    }
    assertEquals(List.of(3, 1, 1, 1, 1, 1, 5), GgufVocabulary.of(7, id -> bytes[id]).kinds());
  }

  @Test
  void aVocabularyLargerThanTheModelsIsRefused() {
    Path in = write("model.safetensors", official(TinyVersion.V7));
    GgufVocabulary vocabulary = GgufVocabulary.placeholders(62);
    Path out = folder.resolve("new.gguf");
    String message =
        assertThrows(
                CheckpointException.class, () -> convert(in, out, null, vocabulary, Progress.NONE))
            .getMessage();
    assertTrue(message.contains("has 61 tokens, but the vocabulary has 62"), message);
  }

  @ParameterizedTest
  @EnumSource(names = {"V4", "V5_0", "V5_1", "V5_2"})
  void versionsThatLlamaCppDoesNotHaveAreRefusedForGguf(TinyVersion version) {
    String message = refusal(write("model.safetensors", official(version)), "new.gguf", null);
    assertTrue(message.contains("GGUF has no architecture for"), message);
  }

  @Test
  void quantisedTypesAreRefusedForSafetensors() {
    Path in = write("model.safetensors", official(TinyVersion.V7));
    String message = refusal(in, "new.safetensors", DType.Q8_0);
    assertTrue(message.contains("safetensors has no type Q8_0"), message);
  }

  static Stream<DType> halves() {
    return Stream.of(DType.F16, DType.Q4_0, DType.Q6_K);
  }

  @ParameterizedTest
  @MethodSource("halves")
  void numbersThatF16CannotHoldAreRefusedByName(DType dtype) {
    List<Tensor> tensors = new ArrayList<>(official(TinyVersion.V7));
    tensors.replaceAll(tensor -> {
      if (!tensor.name().equals("blocks.1.ffn.key.weight")) {
        return tensor;
      }
      float[] values = tensor.toFloats();
      values[70] = -70000;
      return Tensor.of(tensor.name(), tensor.shape(), values);
    });
    Path in = write("model.safetensors", tensors);
    String message = refusal(in, "new.gguf", dtype);
    assertTrue(
        message.contains("tensor blocks.1.ffn.key.weight holds -70000.0 at index 70"), message);
  }

  @Test
  void ranksThatDifferByLayerAreRefusedForGguf() {
    List<Tensor> tensors = new ArrayList<>(official(TinyVersion.V7));
    tensors.replaceAll(tensor ->
        switch (tensor.name()) {
          case "blocks.2.att.g1" -> Tensor.of(tensor.name(), Shape.of(64, 3), new float[192]);
          case "blocks.2.att.g2" -> Tensor.of(tensor.name(), Shape.of(3, 64), new float[192]);
          default -> tensor;
        });
    String message = refusal(write("model.safetensors", tensors), "new.gguf", null);
    assertTrue(message.contains("blocks.2.att.g1") && message.contains("ranks"), message);
  }

  @Test
  void tensorsWithoutAPlaceInGgufAreRefusedByName() {
    List<Tensor> tensors = new ArrayList<>(official(TinyVersion.V7));
    for (int layer = 0; layer < SIZES.layers(); layer++) {
      String name = "blocks." + layer + ".att.time_state";
      tensors.add(Tensor.of(name, Shape.of(2, 32, 32), new float[2048]));
    }
    String message = refusal(write("model.safetensors", tensors), "new.gguf", null);
    assertTrue(message.contains("blocks.0.att.time_state has no place"), message);
  }

  @Test
  void theFileThatIsReadIsNeverOverwritten() throws IOException {
    Path in = write("model.safetensors", official(TinyVersion.V7));
    byte[] before = Files.readAllBytes(in);
    String message = refusal(in, "model.safetensors", DType.BF16);
    assertTrue(message.contains("is the file that is read"), message);
    Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), in);
    assertThrows(CheckpointException.class, () -> convert(in, link, DType.BF16));
    assertArrayEquals(before, Files.readAllBytes(in));
  }

  @Test
  void aCancelledConversionLeavesNothingAndProgressEndsAtOne() throws IOException {
    Path in = write("model.safetensors", official(TinyVersion.V7));
    Path out = folder.resolve("new.gguf");
    Progress cancel =
        done -> {
          if (done > 0.5) {
            throw new CancellationException();
          }
        };
    assertThrows(CancellationException.class, () -> convert(in, out, DType.Q8_0, null, cancel));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(in), files.toList());
    }
    List<Double> seen = new ArrayList<>();
    convert(in, out, DType.Q8_0, null, seen::add);
    assertEquals(1, seen.getLast());
    assertEquals(seen.stream().sorted().toList(), seen);
  }
}
