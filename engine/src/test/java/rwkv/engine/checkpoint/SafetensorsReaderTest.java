package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

class SafetensorsReaderTest {

  @TempDir Path folder;

  @Test
  void tensorsComeInTheOrderOfTheHeader() throws IOException {
    String header =
        """
        {"__metadata__":{"format":"pt"},
         "b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},
         "a":{"dtype":"I32","shape":[],"data_offsets":[0,4]},
         "_forward_module.none":{"dtype":"BF16","shape":[0,3],"data_offsets":[4,4]}}   \
        """;
    ByteBuffer data = little(12).putInt(-5).putFloat(1).putFloat(2);
    try (Checkpoint checkpoint = Checkpoints.open(write(header, data.array()))) {
      assertEquals("safetensors", checkpoint.format());
      assertEquals(Map.of("format", "pt"), checkpoint.metadata());
      assertEquals(List.of("b", "a", "none"), List.copyOf(checkpoint.tensors().keySet()));
      assertArrayEquals(new float[] {1, 2}, Tensors.require(checkpoint, "b").toFloats());
      assertEquals(-5, Tensors.require(checkpoint, "a", Shape.of()).get(0));
      assertEquals(DType.BF16, Tensors.require(checkpoint, "none", Shape.of(0, 3)).dtype());
    }
  }

  @Test
  void aFileMayHoldNothing() throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(write("{}", new byte[0]))) {
      assertEquals(Map.of(), checkpoint.tensors());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"F8_E4M3", "F8_E5M2", "F4", "F6_E2M3", "C64", "U16", "f32", "Q8_0", "Q4_K", ""})
  void otherTypesAreNamed(String dtype) throws IOException {
    String header = entry("\"dtype\":\"" + dtype + "\",\"shape\":[4],\"data_offsets\":[0,4]");
    refused(header, 4, "tensor t", "type " + dtype + ", which is not supported");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2] | [0,4] | needs 8 bytes, found 4",
        "[2] | [0,8] | ends at byte 8 of the data, but the file has only 4",
        "[1] | [4,8] | ends at byte 8",
        "[0] | [2,2] | begins at byte 2 of the data, expected 0",
        "[0] | [0,0] | the tensors take 0 bytes, but the file holds 4",
        "[1] | [-4,0] | impossible data_offsets [-4,0]",
        "[1] | [4,0] | impossible data_offsets [4,0]",
        "[1] | [0] | impossible data_offsets [0]",
        "[1] | [0,4,8] | impossible data_offsets",
        "[-1] | [0,4] | impossible shape [-1]",
        "[4611686018427387904] | [0,4] | impossible shape [4611686018427387904]",
        "[4294967296,4294967296] | [0,4] | impossible shape",
        "[9223372036854775808] | [0,4] | not well-formed",
        "[1.0] | [0,4] | shape should be whole numbers",
        "[1e0] | [0,4] | shape should be whole numbers",
        "[\"1\"] | [0,4] | shape should be whole numbers",
        "[[1]] | [0,4] | shape should be whole numbers",
        "1 | [0,4] | shape should be a list",
        "null | [0,4] | shape should be a list",
        "[1] | [9223372036854775804,9223372036854775807] | needs 4 bytes, found 3",
        "[1] | [9223372036854775803,9223372036854775807] | ends at byte 9223372036854775807",
      })
  void shapesAndOffsetsMustFit(String shape, String offsets, String part) throws IOException {
    String fields = "\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s";
    refused(entry(fields.formatted(shape, offsets)), 4, part);
  }

  @Test
  void moreThan64DimensionsAreRefused() throws IOException {
    String shape = "1,".repeat(64) + "1";
    refused(entry("\"dtype\":\"F32\",\"shape\":[" + shape + "]"), 4, "more than 64 numbers");
  }

  @Test
  void overlapsAndHolesAreRefused() throws IOException {
    refused(pair("[0,4]", "[0,4]"), 8, "begins at byte 0 of the data, expected 4");
    refused(pair("[0,4]", "[2,6]"), 6, "tensor b begins at byte 2 of the data, expected 4");
    refused(pair("[0,4]", "[8,12]"), 12, "tensor b begins at byte 8 of the data, expected 4");
    refused(pair("[0,4]", "[4,8]"), 9, "the tensors take 8 bytes, but the file holds 9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"t\":{},\"t\":{}} | tensor t lacks one of dtype, shape and data_offsets",
        "{\"t\":3} | tensor t should be an object",
        "{\"t\":{\"dtype\":3}} | tensor t dtype should be text",
        "{\"t\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}} | tensor t has dtype twice",
        "{\"__metadata__\":{\"a\":1}} | __metadata__ entry a should be text",
        "{\"__metadata__\":[]} | __metadata__ should be an object",
        "{\"__metadata__\":{\"a\":\"x\",\"a\":\"y\"}} | entry a stands in the file twice",
        "{\"__metadata__\":{},\"__metadata__\":{}} | names __metadata__ twice",
        "{} {} | goes on after its closing brace",
        "{} x | not well-formed JSON",
        "{\"t\": | not well-formed JSON",
        "{\"t\":{\"shape\":[NaN]}} | not well-formed JSON",
        "{'t':1} | not well-formed JSON",
        "{\"__metadata__\":{},} | not well-formed JSON",
      })
  void otherHeadersAreRefused(String header, String part) throws IOException {
    refused(header, 0, part);
  }

  @Test
  void aTensorThatStandsTwiceIsRefused() throws IOException {
    String t = "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    refused("{" + t + "," + t + "}", 4, "names t twice");
  }

  @Test
  void moreMetadataThanAnyModelHasIsRefused() throws IOException {
    StringBuilder entries = new StringBuilder("\"first\":\"\"");
    for (int i = 0; i < 10_000; i++) {
      entries.append(",\"").append(i).append("\":\"\"");
    }
    String part = "carries more than 10000 metadata entries or 4194304 characters";
    refused("{\"__metadata__\":{" + entries + "}}", 0, part);
    String text = ",\"%s\":\"" + "x".repeat(1 << 20) + "\"";
    String five = String.join("", List.of(1, 2, 3, 4, 5).stream().map(text::formatted).toList());
    refused("{\"__metadata__\":{\"first\":\"\"" + five + "}}", 0, part);
  }

  @Test
  void headersMustBeUtf8() throws IOException {
    byte[] header = "{\"?\":{}}".getBytes(StandardCharsets.US_ASCII);
    header[2] = (byte) 0xff;
    Refused.opening(write(header.length, header, new byte[0]), "not UTF-8");
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    refused(entry("\"x\":" + "[".repeat(100_000)), 0, "not well-formed JSON");
    refused(entry("\"x\":" + "{\"a\":".repeat(100_000)), 0, "not well-formed JSON");
  }

  @ParameterizedTest
  @CsvSource({"3, incomplete", "99999999, incomplete", "100000001, at most 100000000 bytes"})
  void headerLengthsMustFit(long length, String part) throws IOException {
    Refused.opening(write(length, "{}".getBytes(StandardCharsets.US_ASCII), new byte[0]), part);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 62})
  void absurdHeaderLengthsMakeItAnotherFile(long length) throws IOException {
    byte[] header = "{}".getBytes(StandardCharsets.US_ASCII);
    Refused.opening(write(length, header, new byte[0]), "neither a PyTorch");
  }

  private void refused(String header, int dataBytes, String... parts) throws IOException {
    Refused.opening(write(header, new byte[dataBytes]), parts);
  }

  private static String entry(String fields) {
    return "{\"t\":{" + fields + "}}";
  }

  private static String pair(String first, String second) {
    String entry = "\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s}";
    return "{" + entry.formatted("a", first) + "," + entry.formatted("b", second) + "}";
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    return write(bytes.length, bytes, data);
  }

  private Path write(long length, byte[] header, byte[] data) throws IOException {
    ByteBuffer whole = little(8 + header.length + data.length);
    whole.putLong(length).put(header).put(data);
    return Files.write(folder.resolve("model.safetensors"), whole.array());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
