package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class RwkvCppReaderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {100, 101})
  void sizesAreTurnedRoundAndNamesKept(long version) throws IOException {
    BinBuilder bin = new BinBuilder(version, BinBuilder.FP16);
    bin.floats("emb.weight", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    bin.floats("blocks.0.att.time_decay", new float[] {7}, 1, 1, 1);
    bin.tensor("half", BinBuilder.FP16, new LittleEndian().u2(0x3c00).toBytes(), 1);
    try (Checkpoint checkpoint = open(bin)) {
      assertEquals("rwkv.cpp .bin", checkpoint.format());
      assertEquals(
          List.of("emb.weight", "blocks.0.att.time_decay", "half"),
          List.copyOf(checkpoint.tensors().keySet()));
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 5, 6},
          Tensors.require(checkpoint, "emb.weight", Shape.of(2, 3)).toFloats());
      Tensors.require(checkpoint, "blocks.0.att.time_decay", Shape.of(1, 1, 1));
      assertEquals(1, Tensors.require(checkpoint, "half").get(0));
      assertEquals(
          Map.of(
              "rwkv.cpp.version", String.valueOf(version),
              "rwkv.cpp.n_vocab", "4",
              "rwkv.cpp.n_embed", "32",
              "rwkv.cpp.n_layer", "2",
              "rwkv.cpp.data_type", "FP16"),
          checkpoint.metadata());
    }
  }

  @ParameterizedTest
  @CsvSource({"2, Q4_0", "3, Q4_1", "7, Q5_0", "8, Q5_1", "9, Q8_0", "0, F32", "1, F16"})
  void everyTypeIsRead(int number, DType dtype) throws IOException {
    byte[] data = new byte[(int) dtype.bytes(3 * 64)];
    new Random(number).nextBytes(data);
    BinBuilder bin = new BinBuilder(101, number).tensor("a", number, data, 64, 3);
    try (Checkpoint checkpoint = open(bin.floats("b", new float[] {7}, 1))) {
      Tensor a = Tensors.require(checkpoint, "a", Shape.of(3, 64));
      assertEquals(dtype, a.dtype());
      assertArrayEquals(data, a.data().toArray(ValueLayout.JAVA_BYTE));
      assertEquals(7, Tensors.require(checkpoint, "b").get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 99, 102, 0xffff_ffffL})
  void otherVersionsAreRefused(long version) throws IOException {
    refused(
        new BinBuilder(version, 0).floats("a", new float[1], 1),
        "has rwkv.cpp version " + version + ", expected 100 or 101");
  }

  @ParameterizedTest
  @CsvSource({"4, Q4_1_O", "5, Q4_2", "6, Q4_3"})
  void typesThatWereGivenUpAreRefusedWithAdvice(int number, String name) throws IOException {
    String part = "has the type " + name + ", which was given up; quantise the model again";
    refused(new BinBuilder(101, number), "the rwkv.cpp header " + part);
    BinBuilder bin = new BinBuilder(101, 0).tensor("a", number, new byte[100], 32);
    refused(bin, "tensor a " + part);
  }

  @ParameterizedTest
  @CsvSource({"2, Q4_0", "3, Q4_1", "7, Q5_0", "8, Q5_1", "9, Q8_0"})
  void theOldLayoutOfQuantisedTypesIsRefusedWithAdvice(int number, String name) throws IOException {
    String part = "has the type " + name + " of version 100, whose layout was given up";
    refused(new BinBuilder(100, number), "the rwkv.cpp header " + part, "quantise");
    BinBuilder bin = new BinBuilder(100, 1).tensor("a", number, new byte[100], 32);
    refused(bin, "tensor a " + part);
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 1L << 31, 0xffff_ffffL})
  void unknownTypesAreRefused(long number) throws IOException {
    refused(new BinBuilder(101, number), "header has the unknown data type " + number);
    BinBuilder bin = new BinBuilder(101, 0).tensor("a", number, new byte[100], 32);
    refused(bin, "tensor a has the unknown data type " + number);
  }

  @Test
  void ranksMustBeOneToThree() throws IOException {
    refused(new BinBuilder(101, 0).floats("a", new float[1]), "has 0 dimensions, expected 1 to 3");
    refused(new BinBuilder(101, 0).floats("a", new float[1], 1, 1, 1, 1), "has 4 dimensions");
    BinBuilder many = new BinBuilder(101, 0).raw(new LittleEndian().u4(-1).u4(1).u4(0));
    refused(many, "tensor 0 of the file has 4294967295 dimensions");
  }

  @Test
  void lengthsMustFitTheFile() throws IOException {
    BinBuilder name = new BinBuilder(101, 0).header(0xffff_ffffL, 0, 1);
    refused(name, "tensor 0", "has text of 4294967295 bytes, expected at most 1000");
    BinBuilder data = new BinBuilder(101, 0).tensor("a", 0, new byte[8], 3);
    refused(data, "tensor a needs 12 bytes", "8 are left; the file is incomplete");
    long most = 0xffff_ffffL;
    BinBuilder huge = new BinBuilder(101, 0).tensor("a", 0, new byte[8], most, most, most);
    refused(huge, "tensor a has the impossible shape");
    BinBuilder large = new BinBuilder(101, 0).tensor("a", 0, new byte[8], 1 << 30, 1 << 30);
    refused(large, "tensor a needs 4611686018427387904 bytes");
  }

  @Test
  void rowsMustBeWholeBlocks() throws IOException {
    BinBuilder bin = new BinBuilder(101, 8).tensor("a", 8, new byte[24], 16, 2);
    refused(bin, "tensor a has the shape [2,16], but numbers of type Q5_1 come in blocks of 32");
  }

  @Test
  void namesMustBeUtf8AndDistinct() throws IOException {
    BinBuilder bad = new BinBuilder(101, 0).header(2, 0, 1);
    refused(bad.raw(new LittleEndian().raw(0xc3, 0x28).f4(1)), "tensor 0", "not UTF-8");
    BinBuilder twice = new BinBuilder(101, 0).floats("a", new float[1], 1);
    refused(twice.floats("a", new float[1], 1), "tensor a stands in the file twice");
  }

  @Test
  void aHeaderAloneIsNoModel() throws IOException {
    refused(new BinBuilder(101, 0), "holds no tensors after its header");
  }

  @Test
  void aFileThatEndsInAHeaderIsIncomplete() throws IOException {
    byte[] whole = new BinBuilder(101, 0).floats("abc", new float[] {1}, 1).toBytes();
    for (int length = 5; length < whole.length; length++) {
      if (length != 24) {
        Path file = Files.write(folder.resolve("cut.bin"), Arrays.copyOf(whole, length));
        Refused.opening(file, "incomplete");
      }
    }
  }

  private void refused(BinBuilder bin, String... parts) throws IOException {
    Refused.opening(bin.writeTo(folder.resolve("model.bin")), parts);
  }

  private Checkpoint open(BinBuilder bin) throws IOException {
    return Checkpoints.open(bin.writeTo(folder.resolve("model.bin")));
  }
}
