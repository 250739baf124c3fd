package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.ReferenceData;
import rwkv.engine.checkpoint.GgufValue.Bool;
import rwkv.engine.checkpoint.GgufValue.F32;
import rwkv.engine.checkpoint.GgufValue.F32s;
import rwkv.engine.checkpoint.GgufValue.I32;
import rwkv.engine.checkpoint.GgufValue.I32s;
import rwkv.engine.checkpoint.GgufValue.Text;
import rwkv.engine.checkpoint.GgufValue.Texts;
import rwkv.engine.checkpoint.GgufValue.U32;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class GgufWriterTest {

  private static final String TOKENS = "tokenizer.ggml.tokens";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void whatIsWrittenIsReadBack(DType dtype) {
    List<Tensor> tensors = new ArrayList<>();
    Random random = new Random(1);
    tensors.add(random(random, "matrix", dtype, Shape.of(3, 256)));
    tensors.add(random(random, "blk.0.fused", dtype, Shape.of(2, 1, 1, 512)));
    tensors.add(random(random, "empty", dtype, Shape.of(2, 0)));
    tensors.add(random(random, "last", dtype, Shape.of(256)));
    try (Checkpoint checkpoint = Checkpoints.open(write(tensors, Map.of()))) {
      assertEquals(
          tensors.stream().map(Tensor::toString).toList(),
          checkpoint.tensors().values().stream().map(Tensor::toString).toList());
      for (Tensor tensor : tensors) {
        assertArrayEquals(bytes(tensor), bytes(Tensors.require(checkpoint, tensor.name())));
      }
    }
  }

  @Test
  void metadataIsReadBack() {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("u", new U32(0xffff_ffffL));
    metadata.put("i", new I32(-1));
    metadata.put("f", new F32(1e-5f));
    metadata.put("b", new Bool(true));
    metadata.put("t", new Text("π\n"));
    metadata.put("texts", new Texts(List.of("a", "")));
    metadata.put("ints", new I32s(List.of(1, -2)));
    metadata.put("floats", new F32s(List.of(0.5f, -1f)));
    metadata.put(TOKENS, new Texts(List.of("<s>", "\\x00")));
    try (Checkpoint checkpoint = Checkpoints.open(write(List.of(), metadata))) {
      assertEquals(
          "{u=4294967295, i=-1, f=1.0E-5, b=true, t=π\n, texts=[a, ], ints=[1, -2],"
              + " floats=[0.5, -1.0], tokenizer.ggml.tokens=(2 texts)}",
          checkpoint.metadata().toString());
      assertEquals(List.of("<s>", "\\x00"), checkpoint.vocabulary());
    }
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    GgufBuilder expected = new GgufBuilder().text("general.architecture", "rwkv7");
    expected.u32("n", 3).floats("a", new float[] {1, 2, 3}, 3).floats("b", new float[] {4}, 1, 1);
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", new Text("rwkv7"));
    metadata.put("n", new U32(3));
    Tensor a = Tensor.of("a", Shape.of(3), 1, 2, 3);
    Tensor b = Tensor.of("b", Shape.of(1, 1), 4);
    assertArrayEquals(expected.toBytes(), Files.readAllBytes(write(List.of(a, b), metadata)));
  }

  /** The reference files were loaded by llama.cpp, which takes no other layout. */
  @ParameterizedTest
  @ValueSource(strings = {"v6-c128-l2-v256-f32", "v6-c128-l2-v256-q8_0"})
  void aReferenceFileIsWrittenAgainByteForByte(String name) throws IOException {
    Path reference = ReferenceData.require("gguf/" + name + ".gguf");
    try (Checkpoint checkpoint = Checkpoints.open(reference)) {
      Map<String, GgufValue> metadata = new LinkedHashMap<>();
      checkpoint.metadata().forEach((key, text) -> metadata.put(key, typed(key, text)));
      metadata.replace(TOKENS, new Texts(checkpoint.vocabulary()));
      metadata.replace("tokenizer.ggml.token_type", new I32s(Collections.nCopies(256, 1)));
      Path again = write(checkpoint.tensors().values(), metadata);
      assertEquals(-1, Files.mismatch(reference, again));
    }
  }

  @Test
  void oneTensorAtATimeIsAskedForItsData() {
    List<String> asked = new ArrayList<>();
    List<TensorSource> sources = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      sources.add(
          new TensorSource(
              name,
              DType.F32,
              Shape.of(1),
              () -> {
                asked.add(name);
                return Tensor.of(name, Shape.of(1), asked.size()).data();
              }));
    }
    Path file = folder.resolve("lazy.gguf");
    GgufWriter.writeSources(file, sources, Map.of());
    assertEquals(List.of("a", "b", "c"), asked);
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals(3, Tensors.require(checkpoint, "c").get(0));
    }
  }

  @Test
  void aSourceThatFailsLeavesNothingBehind() throws IOException {
    TensorSource bad =
        new TensorSource(
            "bad",
            DType.F32,
            Shape.of(1),
            () -> {
              throw new IllegalStateException("no data");
            });
    TensorSource wrong =
        new TensorSource("short", DType.F32, Shape.of(2), () -> MemorySegment.ofArray(new byte[4]));
    for (TensorSource source : List.of(bad, wrong)) {
      Path file = folder.resolve("model.gguf");
      assertThrows(
          IllegalStateException.class,
          () -> GgufWriter.writeSources(file, List.of(source), Map.of()));
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F64", "I64", "I32", "I16", "I8", "U8", "BOOL"})
  void otherTypesAreRefused(DType dtype) {
    Tensor tensor = random(new Random(1), "t", dtype, Shape.of(2));
    refused(tensor, "cannot hold tensor t " + dtype + " [2]", "no numbers of that type");
  }

  @Test
  void whatLlamaCppDoesNotReadIsRefused() {
    refused(Tensor.of("n".repeat(64), 1).named("x".repeat(64)), "I32");
    refused(Tensor.of("n".repeat(64), Shape.of(1), 1), "names of at most 63 bytes");
    refused(Tensor.of("deep", Shape.of(1, 1, 1, 1, 1), 1), "tensor deep", "at most 4 dimensions");
    write(List.of(Tensor.of("n".repeat(63), Shape.of(1), 1)), Map.of());
  }

  @Test
  void namesMustBeDistinctAndUnicode() {
    Tensor a = Tensor.of("a", Shape.of(1), 1);
    Map<String, GgufValue> alignment = Map.of("general.alignment", new U32(64));
    Map<String, GgufValue> half = Map.of("t", new Text("\ud800"));
    assertThrows(IllegalArgumentException.class, () -> write(List.of(a, a), Map.of()));
    assertThrows(IllegalArgumentException.class, () -> write(List.of(), alignment));
    assertThrows(IllegalArgumentException.class, () -> write(List.of(), half));
    assertThrows(IllegalArgumentException.class, () -> new U32(-1));
    assertThrows(IllegalArgumentException.class, () -> new U32(1L << 32));
  }

  @Test
  void sourcesMustHaveWholeBlocks() {
    Shape shape = Shape.of(2, 16);
    assertThrows(
        IllegalArgumentException.class,
        () -> new TensorSource("a", DType.Q8_0, shape, () -> MemorySegment.NULL));
  }

  /** The types that those keys have in files of llama.cpp. */
  private static GgufValue typed(String key, String text) {
    return switch (key) {
      case "general.architecture", "general.name", "general.type", "tokenizer.ggml.model" ->
          new Text(text);
      case "rwkv6.attention.layer_norm_epsilon" -> new F32(Float.parseFloat(text));
      case TOKENS, "tokenizer.ggml.token_type" -> new Texts(List.of());
      default -> new U32(Long.parseLong(text));
    };
  }

  private void refused(Tensor tensor, String... parts) {
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> write(List.of(tensor), Map.of()));
    Refused.assertSays(refusal, Stream.concat(Stream.of("model.gguf"), Stream.of(parts)));
  }

  private Path write(Collection<Tensor> tensors, Map<String, GgufValue> metadata) {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, tensors, metadata);
    return file;
  }

  private static Tensor random(Random random, String name, DType dtype, Shape shape) {
    byte[] data = new byte[Math.toIntExact(dtype.bytes(shape.count()))];
    random.nextBytes(data);
    return new Tensor(name, dtype, shape, MemorySegment.ofArray(data));
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }
}
