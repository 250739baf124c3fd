package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** A model in several files: a and b in the first, c in the second. */
class ShardsTest {

  private static final String FIRST = "m-00001-of-00002.safetensors";
  private static final String SECOND = "m-00002-of-00002.safetensors";

  @TempDir Path folder;

  private Path index;

  @BeforeEach
  void writeModel() throws IOException {
    write(FIRST, "a", "b");
    write(SECOND, "c");
    index = index(entry("a", FIRST), entry("b", FIRST), entry("c", SECOND));
  }

  @Test
  void theIndexOpensAllOfThem() {
    assertHoldsAll(index);
  }

  @Test
  void anyOfThemOpensAll() {
    assertHoldsAll(folder.resolve(FIRST));
    assertHoldsAll(folder.resolve(SECOND));
  }

  @Test
  void theFolderOpensAll() {
    assertHoldsAll(folder);
  }

  @Test
  void anIndexUnderAnotherNameIsKnownByItsContent() throws IOException {
    assertHoldsAll(Files.move(index, folder.resolve("renamed.json")));
  }

  @Test
  void shardsMayBeOfPytorch() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').text("a").tensor("FloatStorage", "0", 1);
    PthBuilder pth = new PthBuilder().pickle(pickle.op('s').stop()).storage("0", 7);
    Path shard = pth.writeTo(folder.resolve("x-00001-of-00001.bin"));
    Path other = folder.resolve("x.bin.index.json");
    Files.writeString(other, "{\"weight_map\":{\"a\":\"x-00001-of-00001.bin\"}}");
    for (Path path : List.of(other, shard)) {
      try (Checkpoint checkpoint = Checkpoints.open(path)) {
        assertEquals("PyTorch .pth in 1 file", checkpoint.format());
        assertEquals(7, Tensors.require(checkpoint, "a").get(0));
      }
    }
    assertHoldsAll(folder);
  }

  @Test
  void aShardWithoutItsIndexStandsAlone() throws IOException {
    Files.delete(index);
    try (Checkpoint checkpoint = Checkpoints.open(folder.resolve(FIRST))) {
      assertEquals(List.of("a", "b"), List.copyOf(checkpoint.tensors().keySet()));
    }
  }

  @Test
  void aShardThatItsIndexDoesNotNameIsRefused() throws IOException {
    Path other = Files.copy(folder.resolve(FIRST), folder.resolve("m-00003-of-00003.safetensors"));
    Refused.opening(other, "is not among the files that m.safetensors.index.json beside it names");
  }

  @Test
  void closingClosesEveryFile() {
    Checkpoint checkpoint = Checkpoints.open(index);
    List<Tensor> tensors = List.copyOf(checkpoint.tensors().values());
    checkpoint.close();
    tensors.forEach(tensor -> assertThrows(IllegalStateException.class, () -> tensor.get(0)));
  }

  @Test
  void aMissingFileIsNamedWithATensor() throws IOException {
    Files.delete(folder.resolve(SECOND));
    Refused.opening(index, "the file " + SECOND + " is missing, which should hold tensor c");
  }

  @Test
  void aDamagedShardIsNamed() throws IOException {
    Files.write(folder.resolve(SECOND), new byte[100]);
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> Checkpoints.open(index).close());
    Refused.assertSays(refusal, Stream.of(folder.resolve(SECOND) + ": is no model"));
  }

  @Test
  void aTensorThatIsNotInItsFileIsNamed() throws IOException {
    index(entry("a", FIRST), entry("b", FIRST), entry("c", SECOND), entry("d", SECOND));
    Refused.opening(index, "tensor d is missing from " + SECOND);
  }

  @Test
  void aTensorInTwoFilesIsNamed() throws IOException {
    write(SECOND, "c", "a");
    Refused.opening(index, "tensor a lies in " + SECOND + ", but the index places it in " + FIRST);
  }

  @Test
  void aTensorThatTheIndexDoesNotKnowIsNamed() throws IOException {
    write(SECOND, "c", "x");
    Refused.opening(index, "tensor x lies in " + SECOND + ", but the index does not name it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../m.safetensors",
        "/etc/passwd",
        "sub/m.safetensors",
        "..",
        ".",
        "",
        "c:m.safetensors",
        "a\\\\b",
        "a\\u0000b",
      })
  void namesThatLeadElsewhereAreRefused(String name) throws IOException {
    index(entry("a", name));
    Refused.opening(index, "the place of tensor a should be a file name in the same folder");
  }

  @Test
  void anIndexIsNoShard() throws IOException {
    index(entry("a", index.getFileName().toString()));
    Refused.opening(index, "is an index of other files");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | has no weight_map",
        "{\"weight_map\":{}} | has no weight_map",
        "{\"weight_map\":[]} | weight_map should be an object",
        "{\"weight_map\":{\"a\":1}} | the place of tensor a should be a file name",
        "{\"weight_map\":{\"a\":\"x\",\"a\":\"x\"}} | the index names tensor a twice",
        "{\"weight_map\":{\"a\":\"x\"},\"weight_map\":{\"b\":\"x\"}} | two weight_maps",
        "{\"weight_map\":{\"a\":\"x\"}} {} | goes on after its closing brace",
        "{\"weight_map\":{\"a\":\"x\" | the index is not well-formed JSON",
        "{\"weight_map\":{\"a\":\"x\"}} | the file x is missing",
        "{\"metadata\":{\"a\":1,\"a\":2}} | metadata entry a stands in the file twice",
      })
  void otherIndexesAreRefused(String content, String part) throws IOException {
    Refused.opening(Files.writeString(index, content), part);
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    Files.writeString(index, "{\"x\":" + "[".repeat(100_000));
    Refused.opening(index, "the index is not well-formed JSON");
  }

  @Test
  void moreShardsThanAnyModelHasAreRefused() throws IOException {
    String[] entries = new String[1001];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = entry("t" + i, "s" + i);
    }
    index(entries);
    Refused.opening(index, "names more than 20000 tensors or 1000 files");
  }

  private void assertHoldsAll(Path path) {
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      assertEquals(path, checkpoint.path());
      assertEquals("safetensors in 2 files", checkpoint.format());
      assertEquals(List.of(folder.resolve(FIRST), folder.resolve(SECOND)), checkpoint.files());
      assertEquals(List.of("a", "b", "c"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(Map.of("total_size", "12", "format", "pt"), checkpoint.metadata());
      assertArrayEquals(new float[] {'c'}, Tensors.require(checkpoint, "c").toFloats());
    }
  }

  private void write(String file, String... names) {
    SafetensorsWriter.write(
        folder.resolve(file),
        List.of(names).stream().map(n -> Tensor.of(n, Shape.of(1), n.charAt(0))).toList(),
        Map.of("format", "pt"));
  }

  private static String entry(String tensor, String file) {
    return "\"" + tensor + "\": \"" + file + "\"";
  }

  private Path index(String... entries) throws IOException {
    return Files.writeString(
        folder.resolve("m.safetensors.index.json"),
        "{\n  \"metadata\": {\"total_size\": 12, \"more\": {}},\n  \"weight_map\": {"
            + String.join(",\n", entries)
            + "}\n}");
  }
}
