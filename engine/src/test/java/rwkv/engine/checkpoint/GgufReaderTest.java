package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class GgufReaderTest {

  @TempDir Path folder;

  @Test
  void sizesAreTurnedRoundAndNamesKept() throws IOException {
    GgufBuilder gguf = new GgufBuilder().text("general.architecture", "rwkv7");
    gguf.floats("blk.0.time_mix_key.weight", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    gguf.floats("scalar", new float[] {7}).floats("none", new float[0], 0, 5);
    try (Checkpoint checkpoint = open(gguf)) {
      assertEquals("GGUF", checkpoint.format());
      assertEquals(Map.of("general.architecture", "rwkv7"), checkpoint.metadata());
      assertEquals(List.of(), checkpoint.vocabulary());
      assertEquals(
          List.of("blk.0.time_mix_key.weight", "scalar", "none"),
          List.copyOf(checkpoint.tensors().keySet()));
      Tensor key = Tensors.require(checkpoint, "blk.0.time_mix_key.weight", Shape.of(2, 3));
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, key.toFloats());
      assertArrayEquals(
          new float[] {7}, Tensors.require(checkpoint, "scalar", Shape.of()).toFloats());
      assertEquals(0, Tensors.require(checkpoint, "none", Shape.of(5, 0)).count());
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void everyTypeIsRead(DType dtype) throws IOException {
    byte[] first = new byte[(int) dtype.bytes(3 * 512)];
    byte[] second = new byte[(int) dtype.bytes(256)];
    new Random(1).nextBytes(first);
    new Random(2).nextBytes(second);
    GgufBuilder gguf = new GgufBuilder().tensor("a", dtype, first, 512, 3);
    try (Checkpoint checkpoint = open(gguf.tensor("b", dtype, second, 256))) {
      Tensor a = Tensors.require(checkpoint, "a", Shape.of(3, 512));
      assertEquals(dtype, a.dtype());
      assertArrayEquals(first, a.data().toArray(ValueLayout.JAVA_BYTE));
      Tensor b = Tensors.require(checkpoint, "b", Shape.of(256));
      assertArrayEquals(second, b.data().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void metadataOfEveryTypeIsReadAsText() throws IOException {
    GgufBuilder gguf = new GgufBuilder();
    gguf.entry("u8", 0, new LittleEndian().raw(200)).entry("i8", 1, new LittleEndian().raw(200));
    gguf.entry("u16", 2, new LittleEndian().u2(-1)).entry("i16", 3, new LittleEndian().u2(-1));
    gguf.u32("u32", -1).entry("i32", 5, new LittleEndian().u4(-1));
    gguf.entry("f32", 6, new LittleEndian().f4(1e-5f)).entry("yes", 7, new LittleEndian().raw(1));
    gguf.entry("no", 7, new LittleEndian().raw(0)).text("text", "a\nπ");
    gguf.entry("u64", 10, new LittleEndian().i8(-1)).entry("i64", 11, new LittleEndian().i8(-1));
    gguf.entry("f64", 12, new LittleEndian().f8(0.1));
    try (Checkpoint checkpoint = open(gguf)) {
      assertEquals(
          "{u8=200, i8=-56, u16=65535, i16=-1, u32=4294967295, i32=-1, f32=1.0E-5, yes=true,"
              + " no=false, text=a\nπ, u64=18446744073709551615, i64=-1, f64=0.1}",
          checkpoint.metadata().toString());
    }
  }

  @Test
  void shortArraysAreShownAndLongOnesCounted() throws IOException {
    LittleEndian numbers = new LittleEndian().u4(5).i8(3).u4(1).u4(-2).u4(3);
    LittleEndian many = new LittleEndian().u4(5).i8(17).bytes(new byte[68]);
    LittleEndian nested = new LittleEndian().u4(9).i8(2);
    nested.u4(8).i8(1).text("x").u4(0).i8(2).raw(1, 2);
    GgufBuilder gguf = new GgufBuilder().entry("numbers", 9, numbers).entry("many", 9, many);
    gguf.texts("tags", "en", "zh").texts("merges", "a b,".repeat(17).split(","));
    gguf.entry("nested", 9, nested).texts("long", "x".repeat(101)).u32("after", 1);
    try (Checkpoint checkpoint = open(gguf)) {
      assertEquals(
          "{numbers=[1, -2, 3], many=(17 numbers), tags=[en, zh], merges=(17 texts),"
              + " nested=(2 arrays), long=[(text of 101 bytes)], after=1}",
          checkpoint.metadata().toString());
    }
  }

  @Test
  void aTextOfMegabytesIsOnlyCounted() throws IOException {
    String text = "x".repeat(MetadataTable.LONGEST_TEXT + 1);
    try (Checkpoint checkpoint = open(new GgufBuilder().text("t", text).u32("after", 1))) {
      assertEquals("{t=(text of 1048577 bytes), after=1}", checkpoint.metadata().toString());
    }
  }

  @Test
  void theVocabularyIsKeptAsItIsWritten() throws IOException {
    GgufBuilder gguf = new GgufBuilder().text("tokenizer.ggml.model", "rwkv");
    gguf.texts("tokenizer.ggml.tokens", "<s>", "\\x00", "é", "");
    try (Checkpoint checkpoint = open(gguf)) {
      assertEquals(List.of("<s>", "\\x00", "é", ""), checkpoint.vocabulary());
      assertEquals("(4 texts)", checkpoint.metadata().get("tokenizer.ggml.tokens"));
    }
  }

  @Test
  void versionTwoIsReadAlike() throws IOException {
    open(new GgufBuilder().version(2).floats("a", new float[] {1}, 1)).close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 'has GGUF version 1, expected 2 or 3'",
    "4, 'has GGUF version 4, expected 2 or 3'",
    "0, 'has GGUF version 0, expected 2 or 3'",
    "50331648, is a big-endian GGUF file",
    "33554432, is a big-endian GGUF file",
  })
  void otherVersionsAreRefused(long version, String part) throws IOException {
    refused(new GgufBuilder().version(version).floats("a", new float[] {1}, 1), part);
  }

  @Test
  void onePartOfAModelIsRefusedWithAdvice() throws IOException {
    GgufBuilder part = new GgufBuilder().entry("split.count", 2, new LittleEndian().u2(3));
    refused(part, "is one of 3 parts of a GGUF model", "--merge");
    open(new GgufBuilder().entry("split.count", 2, new LittleEndian().u2(1))).close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 64, 4096})
  void theFileSaysWhatItsDataIsAlignedTo(int alignment) throws IOException {
    GgufBuilder gguf = new GgufBuilder().alignment(alignment).u32("general.alignment", alignment);
    gguf.floats("a", new float[] {1}, 1).floats("b", new float[] {2}, 1);
    try (Checkpoint checkpoint = open(gguf)) {
      assertArrayEquals(new float[] {2}, Tensors.require(checkpoint, "b").toFloats());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 48, 1L << 21, 1L << 31, 0xffff_ffffL})
  void senselessAlignmentsAreRefused(long alignment) throws IOException {
    refused(
        new GgufBuilder().u32("general.alignment", alignment),
        "general.alignment should be a power of two up to 1048576, found " + alignment);
  }

  @Test
  void anAlignmentOfAnotherTypeIsRefused() throws IOException {
    refused(new GgufBuilder().text("general.alignment", "32"), "general.alignment", "found TEXT");
  }

  @ParameterizedTest
  @CsvSource({
    "4, Q4_2",
    "9, Q8_1",
    "10, Q2_K",
    "17, IQ2_XS",
    "20, IQ4_NL",
    "24, I8",
    "27, I64",
    "28, F64",
    "31, Q4_0_4_4",
    "34, TQ1_0",
    "39, MXFP4",
    "99, type 99",
    "4294967295, type 4294967295",
  })
  void otherTypesAreNamed(long number, String name) throws IOException {
    refused(
        new GgufBuilder().info("blk.0.x", number, 0, 256),
        "tensor blk.0.x is stored as " + name + ", which cannot be read");
  }

  @ParameterizedTest
  @ValueSource(longs = {20_001, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void countsBeyondAnyModelAreRefused(long count) throws IOException {
    String found = Long.toUnsignedString(count);
    refused(new GgufBuilder().claim(count, 0), "claims " + found + " tensors");
    refused(new GgufBuilder().claim(0, count), "claims " + found + " metadata entries");
  }

  @ParameterizedTest
  @ValueSource(longs = {1001, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void lengthsOfNamesMustFit(long length) throws IOException {
    String part = "has text of " + Long.toUnsignedString(length) + " bytes, expected at most 1000";
    byte[] header = new LittleEndian().utf8("GGUF").u4(3).i8(0).i8(1).i8(length).toBytes();
    Refused.opening(write(header), "metadata entry 0", part);
    header = new LittleEndian().utf8("GGUF").u4(3).i8(1).i8(0).i8(length).toBytes();
    Refused.opening(write(header), "tensor 0", part);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void lengthsOfTextsMustFit(long length) throws IOException {
    LittleEndian text = new LittleEndian().i8(length).utf8("abc");
    refusedCut(new GgufBuilder().entry("key", 8, text), "metadata entry key");
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 1L << 40, 1L << 61, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void countsOfArraysMustFit(long count) throws IOException {
    for (int type : new int[] {0, 5, 8, 9, 12}) {
      LittleEndian array = new LittleEndian().u4(type).i8(count);
      String claims = "metadata entry key claims " + Long.toUnsignedString(count);
      refusedCut(new GgufBuilder().entry("key", 9, array), claims, "bytes are left");
    }
  }

  @Test
  void deepArraysAreRefused() throws IOException {
    LittleEndian array = new LittleEndian();
    for (int i = 0; i < 100_000; i++) {
      array.u4(9).i8(1);
    }
    refused(new GgufBuilder().entry("key", 9, array), "metadata entry key is nested more than 4");
  }

  @Test
  void unknownValueTypesAreRefused() throws IOException {
    LittleEndian none = new LittleEndian();
    refused(new GgufBuilder().entry("key", 13, none), "metadata entry key", "value type 13");
    refused(new GgufBuilder().entry("key", 9, new LittleEndian().u4(-1).i8(1)), "type 4294967295");
  }

  @Test
  void aVocabularyMustBeTexts() throws IOException {
    String key = "tokenizer.ggml.tokens";
    String part = "tokenizer.ggml.tokens should be an array of texts, found ";
    refused(new GgufBuilder().u32(key, 3), part + "numbers");
    refused(new GgufBuilder().text(key, "x"), part + "texts");
    LittleEndian numbers = new LittleEndian().u4(4).i8(1).u4(1);
    refused(new GgufBuilder().entry(key, 9, numbers), part + "numbers");
    refused(new GgufBuilder().texts(key, "x".repeat(10_001)), key, "10001 bytes");
    LittleEndian many = new LittleEndian().u4(8).i8(600_000).bytes(new byte[4_800_000]);
    refused(new GgufBuilder().entry(key, 9, many), key, "600000 tokens, expected at most 524288");
  }

  @Test
  void textMustBeUtf8() throws IOException {
    LittleEndian bad = new LittleEndian().i8(2).raw(0xc3, 0x28);
    refused(new GgufBuilder().entry("key", 8, bad), "metadata entry key has text", "not UTF-8");
    byte[] name = new LittleEndian().utf8("GGUF").u4(3).i8(1).i8(0).i8(1).raw(0xff).toBytes();
    Refused.opening(write(name), "tensor 0 has text that is not UTF-8");
  }

  @Test
  void whatStandsTwiceIsRefused() throws IOException {
    refused(new GgufBuilder().u32("key", 1).u32("key", 1), "metadata entry key stands", "twice");
    GgufBuilder twice = new GgufBuilder().floats("a", new float[1], 1);
    refused(twice.floats("a", new float[1], 1), "tensor a stands in the file twice");
    GgufBuilder tokens = new GgufBuilder().texts("tokenizer.ggml.tokens", "a");
    refused(tokens.texts("tokenizer.ggml.tokens", "a"), "tokenizer.ggml.tokens", "twice");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1",
    "1, -1",
    "4611686018427387904, 1",
    "4294967296, 4294967296",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, 1",
  })
  void impossibleShapesAreRefused(long inner, long outer) throws IOException {
    refused(new GgufBuilder().info("a", 0, 0, inner, outer), "tensor a has the impossible shape");
  }

  @Test
  void moreThanFourDimensionsAreRefused() throws IOException {
    refused(new GgufBuilder().info("a", 0, 0, 1, 1, 1, 1, 1), "tensor a has 5 dimensions");
    byte[] many = new LittleEndian().utf8("GGUF").u4(3).i8(1).i8(0).text("a").u4(-1).toBytes();
    Refused.opening(write(many), "tensor a has 4294967295 dimensions");
  }

  @Test
  void rowsMustBeWholeBlocks() throws IOException {
    refused(
        new GgufBuilder().info("a", 8, 0, 16, 2),
        "tensor a has the shape [2,16], but numbers of type Q8_0 come in blocks of 32");
    refused(new GgufBuilder().info("a", 12, 0, 128, 2), "type Q4_K come in blocks of 256");
  }

  @Test
  void tensorsBeyondTheFileAreRefused() throws IOException {
    GgufBuilder small = new GgufBuilder().floats("a", new float[8], 8);
    refused(small.info("b", 0, 32, 1), "tensor b has 4 bytes at byte 32", "has only 32");
    for (long offset : new long[] {1L << 40, Long.MAX_VALUE - 31}) {
      GgufBuilder far = new GgufBuilder().floats("a", new float[8], 8);
      refused(far.info("b", 0, offset, 1), "tensor b has 4 bytes at byte " + offset);
    }
    refused(new GgufBuilder().info("a", 0, 0, 1L << 60), "tensor a has 4611686018427387904 bytes");
  }

  @Test
  void placesMustBeAligned() throws IOException {
    for (long offset : new long[] {1, 4, 33, -32, -1, Long.MIN_VALUE}) {
      GgufBuilder gguf = new GgufBuilder().floats("a", new float[64], 8);
      refused(
          gguf.info("b", 0, offset, 1),
          "tensor b begins at byte " + Long.toUnsignedString(offset),
          "expected a multiple of 32");
    }
  }

  @Test
  void overlapsAreRefused() throws IOException {
    GgufBuilder same = new GgufBuilder().floats("a", new float[16], 16);
    refused(same.info("b", 0, 0, 16), "tensor b begins at byte 0 of the data, within tensor a");
    GgufBuilder inside = new GgufBuilder().floats("a", new float[16], 16);
    refused(inside.info("b", 0, 32, 1), "tensor b begins at byte 32", "within tensor a", "64");
  }

  @Test
  void spaceBetweenTensorsIsNoConcern() throws IOException {
    GgufBuilder gguf = new GgufBuilder().floats("a", new float[64], 1).info("b", 0, 128, 1);
    open(gguf).close();
  }

  @Test
  void aFileThatEndsInItsHeaderIsIncomplete() throws IOException {
    byte[] whole = new GgufBuilder().text("key", "value").toBytes();
    for (int length = 5; length < 24 + 8 + 3 + 4 + 8 + 5; length++) {
      Refused.opening(write(Arrays.copyOf(whole, length)), "incomplete");
    }
  }

  @Test
  void tensorsAreGoneAfterClosingAndTheVocabularyIsNot() throws IOException {
    GgufBuilder gguf = new GgufBuilder().texts("tokenizer.ggml.tokens", "a", "b");
    Checkpoint checkpoint = open(gguf.floats("t", new float[] {1}, 1));
    Tensor tensor = Tensors.require(checkpoint, "t");
    checkpoint.close();
    assertThrows(IllegalStateException.class, () -> tensor.get(0));
    assertEquals(List.of("a", "b"), checkpoint.vocabulary());
  }

  private void refused(GgufBuilder gguf, String... parts) throws IOException {
    Refused.opening(write(gguf.toBytes()), parts);
  }

  /** As if the file ended after the metadata. */
  private void refusedCut(GgufBuilder gguf, String... parts) throws IOException {
    Refused.opening(write(gguf.alignment(1).toBytes()), parts);
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.gguf"), content);
  }

  private Checkpoint open(GgufBuilder gguf) throws IOException {
    return Checkpoints.open(write(gguf.toBytes()));
  }
}
