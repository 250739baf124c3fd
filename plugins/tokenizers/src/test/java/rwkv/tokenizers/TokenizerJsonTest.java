package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.plugin.TestSeed;

class TokenizerJsonTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("tokenizer.json");
  }

  private String problem() {
    return assertThrows(IOException.class, () -> BpeTokenizer.read(file)).getMessage();
  }

  private static BpeFiles files() {
    return new BpeFiles("h|e", "t|he", " |the").add(300, "<end>", true, false);
  }

  private static Arguments of(String problem, Consumer<BpeFiles> change) {
    return Arguments.of(problem, change);
  }

  private static Map<String, Object> type(String type) {
    return Map.of("type", type);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        of("expected model, found none", f -> f.root.remove("model")),
        of("model: expected an object, found a list", f -> f.root.put("model", List.of())),
        of("model: expected type 'BPE', found 'Unigram'", f -> f.model.put("type", "Unigram")),
        of("model.type: expected text, found 7", f -> f.model.put("type", 7)),
        of("expected model.vocab, found none", f -> f.model.remove("vocab")),
        of("expected model.merges, found none", f -> f.model.remove("merges")),
        of("model.merges: expected a list, found an object", f -> f.model.put("merges", Map.of())),
        of("model.dropout: expected none, found 0.1", f -> f.model.put("dropout", 0.1)),
        of(
            "model.end_of_word_suffix: expected none in a byte-level BPE, found \"</w>\"",
            f -> f.model.put("end_of_word_suffix", "</w>")),
        of(
            "model.byte_fallback: expected false, found true",
            f -> f.model.put("byte_fallback", true)),
        of(
            "model.ignore_merges: expected true or false, found \"yes\"",
            f -> f.model.put("ignore_merges", "yes")),
        of(
            "normalizer: expected type 'NFC', found 'NFKC'",
            f -> f.root.put("normalizer", type("NFKC"))),
        of(
            "normalizer.normalizers: expected type 'NFC', found 'Lowercase'",
            f ->
                f.root.put(
                    "normalizer",
                    Map.of("type", "Sequence", "normalizers", List.of(type("Lowercase"))))),
        of(
            "pre_tokenizer: expected type 'ByteLevel', found none",
            f -> f.root.remove("pre_tokenizer")),
        of(
            "pre_tokenizer: expected type 'ByteLevel', found 'Metaspace'",
            f -> f.words.put("type", "Metaspace")),
        of(
            "pre_tokenizer: expected one way to split text, ByteLevel, found a sequence of 2",
            f ->
                f.root.put(
                    "pre_tokenizer",
                    Map.of(
                        "type",
                        "Sequence",
                        "pretokenizers",
                        List.of(type("Digits"), type("ByteLevel"))))),
        of(
            "decoder: expected type 'ByteLevel', found 'WordPiece'",
            f -> f.root.put("decoder", type("WordPiece"))),
        of(
            "model.vocab 'zz': expected an id from 0 to 4194303, found -1",
            f -> f.vocab.put("zz", -1)),
        of(
            "model.vocab 'zz': expected an id from 0 to 4194303, found 4294967296",
            f -> f.vocab.put("zz", 1L << 32)),
        of(
            "model.vocab 'zz': expected an id from 0 to 4194303, found 1.5",
            f -> f.vocab.put("zz", 1.5)),
        of("the tokens 'he' and 'zz' have the same id 256", f -> f.vocab.put("zz", 256)),
        of(
            "model.merges, number 4: expected tokens of model.vocab, found 'xy'",
            f -> f.merges.add("x y")),
        of("model.merges, number 4: expected two tokens, found \"x\"", f -> f.merges.add("x")),
        of(
            "model.merges, number 4: expected two tokens, found \"x y z\"",
            f -> f.merges.add("x y z")),
        of(
            "model.merges, number 4: expected two tokens, found a list",
            f -> f.merges.add(List.of("x"))),
        of("model.merges, number 4: expected two tokens, found 5", f -> f.merges.add(5)),
        of(
            "added_tokens: expected a list, found an object",
            f -> f.root.put("added_tokens", Map.of())),
        of("expected added_tokens.content, found none", f -> f.added.add(new LinkedHashMap<>())),
        of(
            "added token '': expected 1 to 1024 characters, found 0",
            f -> f.add(301, "", false, false)),
        of(
            "added token '" + "x".repeat(40) + "...': expected 1 to 1024 characters, found 1025",
            f -> f.add(301, "x".repeat(1025), false, false)),
        of("added_tokens: '<end>' is there twice", f -> f.add(301, "<end>", false, false)),
        of(
            "the tokens '<end>' and 'new' have the same id 300",
            f -> f.add(300, "new", false, false)),
        of(
            "added_tokens: expected id 256 for 'he', as in model.vocab, found 301",
            f -> f.add(301, "he", false, false)),
        of(
            "added token '<end>': lstrip is not supported; expected false, found true",
            f -> f.added.getFirst().put("lstrip", true)),
        of(
            "added token '<end>': single_word is not supported; expected false, found true",
            f -> f.added.getFirst().put("single_word", true)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void whatIsWrongIsNamed(String problem, Consumer<BpeFiles> change) throws IOException {
    BpeFiles files = files();
    change.accept(files);
    files.write(file);
    assertEquals(file + ": " + problem, problem());
  }

  @Test
  void whatChangesNoTokensIsAccepted() throws IOException {
    BpeFiles files = files();
    files.root.put("truncation", Map.of("max_length", 512));
    files.root.put("normalizer", Map.of("type", "Sequence", "normalizers", List.of(type("NFC"))));
    files.root.put(
        "pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", List.of(files.words)));
    files.root.remove("decoder");
    files.root.put("post_processor", type("TemplateProcessing"));
    files.model.remove("type");
    files.model.put("continuing_subword_prefix", "");
    files.model.put("dropout", 0.0);
    files.model.put("unk_token", "<unk>");
    files.write(file);
    assertEquals(301, BpeTokenizer.read(file).vocabularySize());
    assertEquals(Optional.of(new TokenizerJsonGlance.Size(259, 301)), TokenizerJsonGlance.of(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "{",
        "{}}",
        "{\"model\": {}, \"model\": {}}",
        "{\"model\": {\"vocab\": {\"a\": 1, \"a\": 2}}}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"version\": 1e999999999}",
        "\u0000"
      })
  void whatIsNoJsonIsNamedWithItsFileInOneLine(String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(problem().startsWith(file.toString()), problem());
    assertTrue(problem().lines().count() == 1 && problem().length() < 400, problem());
    assertEquals(Optional.empty(), TokenizerJsonGlance.of(file));
  }

  @Test
  void jsonOfTooManyValuesIsRefused() throws IOException {
    Files.writeString(file, "{\"x\": [" + "{},".repeat(1_500_000) + "0]}");
    assertTrue(problem().startsWith(file + ", line 1: expected a tokenizer's JSON: "), problem());
  }

  @Test
  void aHugeFileIsRefusedUnread() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(Json.MAX_FILE + 1L);
    }
    assertTrue(problem().startsWith(file + ": expected a tokenizer of at most "));
    assertEquals(Optional.empty(), TokenizerJsonGlance.of(file));
  }

  @Test
  void aMissingFileAndAFolderAreNamed() {
    assertEquals(file + ": expected a tokenizer's JSON, found no such file", problem());
    file = folder;
    assertEquals(folder + ": expected a tokenizer's JSON, found no such file", problem());
    assertEquals(Optional.empty(), TokenizerJsonGlance.of(folder));
  }

  @Test
  void aGlanceStopsBeforeTheMerges() throws IOException {
    String whole = Files.readString(files().write(file));
    Files.writeString(file, whole.substring(0, whole.indexOf("\"merges\"")) + "oops");
    assertEquals(Optional.of(new TokenizerJsonGlance.Size(259, 301)), TokenizerJsonGlance.of(file));
  }

  @Test
  void aDamagedFileIsReadOrRefusedAndNeverAnythingElse() throws IOException {
    Random random = TestSeed.random(getClass().getName() + " damage");
    byte[] whole = Files.readAllBytes(files().write(file));
    int refused = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] damaged =
          Arrays.copyOf(whole, whole.length - (round % 3 == 0 ? random.nextInt(whole.length) : 0));
      for (int i = 0; i <= random.nextInt(3) && damaged.length > 0; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      TokenizerJsonGlance.of(file);
      try {
        BpeTokenizer tokenizer = BpeTokenizer.read(file);
        tokenizer.decode(tokenizer.encode(" the hen\n"));
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        refused++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().contains("has no token for "), e.getMessage());
      }
    }
    assertTrue(refused > 250, "refused: " + refused);
  }
}
