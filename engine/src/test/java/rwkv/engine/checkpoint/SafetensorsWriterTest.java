package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class SafetensorsWriterTest {

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    Random random = new Random(1);
    for (DType dtype : notQuantised()) {
      tensors.add(random(random, "odd " + dtype, dtype, Shape.of(3, 1, 7)));
      tensors.add(random(random, "scalar " + dtype, dtype, Shape.of()));
      tensors.add(random(random, "empty " + dtype, dtype, Shape.of(2, 0)));
    }
    Map<String, String> metadata = Map.of("z", "last", "format", "pt", "quote \"\\\n", "π\u0000");
    try (Checkpoint checkpoint = Checkpoints.open(write(tensors, metadata))) {
      assertEquals(metadata, checkpoint.metadata());
      assertEquals(
          tensors.stream().map(Tensor::toString).toList(),
          checkpoint.tensors().values().stream().map(Tensor::toString).toList());
      for (Tensor tensor : tensors) {
        Tensor read = Tensors.require(checkpoint, tensor.name());
        assertArrayEquals(bytes(tensor), bytes(read), tensor::toString);
        assertEquals(0, read.data().address() % tensor.dtype().bytes(), tensor + " is aligned");
      }
    }
  }

  @Test
  void theHeaderIsPaddedToEightBytes() throws IOException {
    for (int length = 1; length <= 8; length++) {
      Path file = write(List.of(Tensor.of("n".repeat(length), 1, 2)), Map.of());
      long header =
          ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertEquals(0, header % 8);
      Checkpoints.open(file).close();
    }
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Path file = write(List.of(Tensor.of("a", 7)), Map.of("y", "2", "x", "1"));
    String header =
        "{\"__metadata__\":{\"x\":\"1\",\"y\":\"2\"},"
            + "\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    ByteBuffer expected = ByteBuffer.allocate(8 + padded.length() + 4);
    expected.order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length());
    expected.put(padded.getBytes(StandardCharsets.US_ASCII)).putInt(7);
    assertArrayEquals(expected.array(), Files.readAllBytes(file));
  }

  @Test
  void dataLargerThanAChunkIsWritten() throws IOException {
    Tensor large = random(new Random(2), "large", DType.BF16, Shape.of(3, 700_001));
    try (Checkpoint checkpoint = Checkpoints.open(write(List.of(large), Map.of()))) {
      assertArrayEquals(bytes(large), bytes(Tensors.require(checkpoint, "large")));
    }
  }

  @Test
  void anOpenFileCanBeReplacedByWhatIsReadFromIt() throws IOException {
    Path file = write(List.of(Tensor.of("a", 1), Tensor.of("b", 2)), Map.of());
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      write(List.of(Tensors.require(checkpoint, "b").named("c")), Map.of());
      assertEquals(1, Tensors.require(checkpoint, "a").get(0));
    }
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals(2, Tensors.require(checkpoint, "c").get(0));
    }
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = write(List.of(Tensor.of("a", 1)), Map.of());
    Tensor gone;
    Path other = folder.resolve("other.safetensors");
    SafetensorsWriter.write(other, List.of(Tensor.of("gone", 1)), Map.of());
    try (Checkpoint checkpoint = Checkpoints.open(other)) {
      gone = Tensors.require(checkpoint, "gone");
    }
    Files.delete(other);
    assertThrows(IllegalStateException.class, () -> write(List.of(gone), Map.of()));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
    Checkpoints.open(file).close();
  }

  @Test
  void aMissingFolderIsNamed() {
    Path file = folder.resolve("none").resolve("x.safetensors");
    CheckpointException refusal =
        assertThrows(
            CheckpointException.class, () -> SafetensorsWriter.write(file, List.of(), Map.of()));
    Refused.assertSays(refusal, Stream.of(file.toString(), "there is no folder"));
  }

  @Test
  void aFolderInTheWayIsNotReplaced() throws IOException {
    Path inTheWay = Files.createDirectories(folder.resolve("taken/inside")).getParent();
    assertThrows(
        CheckpointException.class, () -> SafetensorsWriter.write(inTheWay, List.of(), Map.of()));
    assertTrue(Files.isDirectory(inTheWay.resolve("inside")));
  }

  @Test
  void namesMustBeDistinctAndNotReserved() {
    Tensor a = Tensor.of("a", 1);
    Tensor reserved = Tensor.of("__metadata__", 1);
    assertThrows(IllegalArgumentException.class, () -> write(List.of(a, a), Map.of()));
    assertThrows(IllegalArgumentException.class, () -> write(List.of(reserved), Map.of()));
    assertThrows(IllegalArgumentException.class, () -> write(List.of(), Map.of("a", "\ud800")));
  }

  @Test
  void quantisedTypesAreRefused() {
    Tensor tensor = random(new Random(3), "q", DType.Q4_K, Shape.of(2, 256));
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> write(List.of(tensor), Map.of()));
    Refused.assertSays(
        refusal, Stream.of("model.safetensors", "tensor q Q4_K [2,256]", "write GGUF instead"));
  }

  @Test
  void oneTensorAtATimeIsAskedForItsData() {
    List<String> asked = new ArrayList<>();
    List<TensorSource> sources = new ArrayList<>();
    for (DType dtype : List.of(DType.F16, DType.F32)) {
      sources.add(
          new TensorSource(
              dtype.name(),
              dtype,
              Shape.of(1),
              () -> {
                asked.add(dtype.name());
                return MemorySegment.ofArray(new byte[dtype.bytes()]);
              }));
    }
    Path file = folder.resolve("lazy.safetensors");
    SafetensorsWriter.writeSources(file, sources, Map.of());
    assertEquals(List.of("F32", "F16"), asked, "the widest first");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals(List.of("F16", "F32"), List.copyOf(checkpoint.tensors().keySet()));
    }
  }

  private static List<DType> notQuantised() {
    return Stream.of(DType.values()).filter(dtype -> !dtype.isQuantised()).toList();
  }

  private Path write(Collection<Tensor> tensors, Map<String, String> metadata) {
    Path file = folder.resolve("model.safetensors");
    SafetensorsWriter.write(file, tensors, metadata);
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
