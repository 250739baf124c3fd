package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers;

class GgufVocabularyTest extends TokenizerContract {

  private static final Map<String, String> RWKV = Map.of("tokenizer.ggml.model", "rwkv");

  @TempDir Path folder;

  /** As World is written: {@code <s>}, all bytes, words, and padding. */
  private static List<String> tokens(String... words) {
    List<String> tokens = new ArrayList<>(List.of("<s>"));
    for (byte[] token : VocabularyFiles.bytesAnd(words)) {
      tokens.add(repr(token));
    }
    while (tokens.size() % 8 != 0) {
      tokens.add("[PAD" + tokens.size() + "]");
    }
    return tokens;
  }

  /** The inside of Python's {@code repr} of bytes. */
  private static String repr(byte[] token) {
    String latin = new String(token, ISO_8859_1);
    boolean escapeQuote = latin.contains("'") && latin.contains("\"");
    StringBuilder text = new StringBuilder();
    for (char c : latin.toCharArray()) {
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\'' -> text.append(escapeQuote ? "\\'" : "'");
        default ->
            text.append(c >= ' ' && c < 0x7F ? String.valueOf(c) : "\\x%02x".formatted((int) c));
      }
    }
    return text.toString();
  }

  private static TrieTokenizer tokenizer(List<String> tokens, Map<String, String> metadata) {
    GgufVocabulary read = GgufVocabulary.of(tokens, metadata);
    return new TrieTokenizer("test", read.vocabulary(), read.endOfText());
  }

  private static String problem(List<String> tokens, Map<String, String> metadata) {
    return assertThrows(IllegalArgumentException.class, () -> GgufVocabulary.of(tokens, metadata))
        .getMessage();
  }

  @Override
  protected Tokenizer tokenizer() {
    return tokenizer(tokens(" the", "\n\n", "你好", "it's", "'\""), RWKV);
  }

  @Test
  void theWholeWorldVocabularyComesThroughAGguf() throws IOException {
    Vocabulary world = VocabularyFile.read(Reference.file("tokenizer/rwkv_vocab_v20230424.txt"));
    List<String> tokens = new ArrayList<>(List.of("<s>"));
    world.byId().forEach(entry -> tokens.add(repr(entry.bytes())));
    while (tokens.size() < 65536) {
      tokens.add("[PAD" + tokens.size() + "]");
    }
    assertEquals(OptionalInt.of(65530), GgufVocabulary.size(tokens, RWKV));
    TrieTokenizer tokenizer = tokenizer(tokens, RWKV);
    assertEquals(65530, tokenizer.vocabularySize());
    assertEquals(0, tokenizer.endOfText());
    for (VocabularyEntry entry : world.byId()) {
      assertArrayEquals(entry.bytes(), tokenizer.bytes(entry.id()));
      assertArrayEquals(new int[] {entry.id()}, tokenizer.encode(entry.bytes()));
    }
  }

  @Test
  void escapesAreThoseOfBytes() {
    List<String> tokens =
        new ArrayList<>(List.of("<s>", "\\x80", "\\\\x80", "it's", "\\'\"", "\\t\\n\\r", "é"));
    TrieTokenizer tokenizer = tokenizer(tokens, RWKV);
    assertArrayEquals(new byte[] {(byte) 0x80}, tokenizer.bytes(1));
    assertEquals("\\x80", tokenizer.decode(new int[] {2}));
    assertEquals("it's'\"\t\n\ré", tokenizer.decode(new int[] {3, 4, 5, 6}));
    assertArrayEquals(new int[] {2, 3}, tokenizer.encode("\\x80it's"));
  }

  @Test
  void paddingIsNoTextAndWhatOnlyLooksLikePaddingIs() {
    TrieTokenizer tokenizer =
        tokenizer(List.of("<s>", "a", "[PAD2]", "[PAD2", "<s", "[PAD9]"), RWKV);
    assertEquals(0, tokenizer.bytes(2).length);
    assertArrayEquals(new int[] {5, 3}, tokenizer.encode("[PAD9][PAD2"));
  }

  @Test
  void aFirstTokenWithBytesIsTextAndDoesNotEndIt() {
    List<String> bytes = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      bytes.add(repr(new byte[] {(byte) b}));
    }
    TrieTokenizer tokenizer =
        tokenizer(
            bytes, Map.of("tokenizer.ggml.model", "rwkv", "tokenizer.ggml.eos_token_id", "0"));
    assertArrayEquals(new ByteTokenizer().encode("a\0é"), tokenizer.encode("a\0é"));
    assertEquals("a\0é", tokenizer.decode(tokenizer.encode("a\0é")));
    assertEquals(-1, tokenizer.endOfText());
    assertEquals(256, tokenizer.vocabularySize());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,-1", "2,2", "9,-1", "-3,-1", "x,-1"})
  void onlyATokenWithoutBytesEndsAText(String said, int end) {
    assertEquals(
        end,
        tokenizer(
                List.of("<s>", "a", "[PAD2]", "b", "[PAD4]"),
                Map.of("tokenizer.ggml.model", "rwkv", "tokenizer.ggml.eos_token_id", said))
            .endOfText());
  }

  @Test
  void whatIsWrongIsNamed() {
    assertEquals(
        "expected 'rwkv' as tokenizer.ggml.model, found 'gpt2'",
        problem(List.of("a"), Map.of("tokenizer.ggml.model", "gpt2")));
    assertEquals(
        "expected 'rwkv' as tokenizer.ggml.model, found none", problem(List.of("a"), Map.of()));
    assertEquals("expected a vocabulary of 1 to 4194304 tokens, found 0", problem(List.of(), RWKV));
    assertEquals(
        "expected a vocabulary of 1 to 4194304 tokens, found 0",
        problem(List.of("<s>", "[PAD1]"), RWKV));
    assertEquals(
        "the bytes of token 3 are those of token 1 already",
        problem(List.of("<s>", "a", "b", "\\x61"), RWKV));
    assertEquals(
        "token 1, '\\q': unknown escape: backslash, 'q'", problem(List.of("<s>", "\\q"), RWKV));
    assertEquals(
        "token 1, '\\x4': expected 2 hexadecimal digits after \\x",
        problem(List.of("<s>", "\\x4"), RWKV));
    assertEquals(
        "token 0, 'a\\': the literal is not closed: a backslash escapes its end",
        problem(List.of("a\\"), RWKV));
    assertEquals(
        "token 0: expected at most 16384 bytes, found 16385",
        problem(Collections.nCopies(1, "a".repeat(16385)), RWKV));
  }

  @Test
  void vocabulariesOfOtherKindsAreNotCounted() {
    assertEquals(OptionalInt.empty(), GgufVocabulary.size(List.of("a"), Map.of()));
    assertEquals(
        OptionalInt.empty(),
        GgufVocabulary.size(List.of("a"), Map.of("tokenizer.ggml.model", "gpt2")));
    assertEquals(OptionalInt.empty(), GgufVocabulary.size(List.of("<s>", "[PAD1]"), RWKV));
    assertEquals(OptionalInt.of(2), GgufVocabulary.size(List.of("<s>", "a", "[PAD2]"), RWKV));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-rwkv-7v0-834K-f16",
        "tiny-rwkv-7v0-834K-q8_0",
        "v6-c128-l2-v256-f32",
        "v6-c128-l2-v256-q8_0",
        "v6-c128-l2-v256-rescale1-f16"
      })
  void aModelInAGgufIsOfferedItsOwnVocabularyAboveAll(String name) throws IOException {
    Path file = Reference.file("gguf/" + name + ".gguf");
    ModelHint model = new ModelHint(256, file, List.of());
    List<Offer> offers = new GgufTokenizerProvider().offers(model);
    assertEquals(
        List.of(
            new Offer("gguf", Optional.of(file), 100, "the model's file carries it, 256 tokens")),
        offers);
    Tokenizer tokenizer = new GgufTokenizerProvider().create(Optional.of(file));
    assertEquals("RWKV (" + name + ".gguf)", tokenizer.name());
    String text = "Onçe ü\0\n";
    assertArrayEquals(new ByteTokenizer().encode(text), tokenizer.encode(text));
    assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    assertEquals(
        List.of(), new GgufTokenizerProvider().offers(new ModelHint(255, file, List.of())));
  }

  @Test
  void itsOwnVocabularyIsChosenBeforeAFileWithTheModelsName() throws IOException {
    Path file = folder.resolve("anna.gguf");
    Files.copy(Reference.file("gguf/v6-c128-l2-v256-q8_0.gguf"), file);
    Files.writeString(folder.resolve("anna.vocab.txt"), "1 'a' 1\n255 'b' 1\n");
    Tokenizers tokenizers = Tokenizers.load(ServiceLoader.load(TokenizerProvider.class));
    for (Path model : List.of(file, folder)) { // a folder stands for the model in it
      List<Offer> offers = tokenizers.offers(new ModelHint(256, model, List.of()));
      assertEquals("gguf", offers.getFirst().provider(), model.toString());
      assertEquals("RWKV", tokenizers.create(offers.getFirst()).name().substring(0, 4));
      assertTrue(offers.stream().anyMatch(offer -> offer.provider().equals("vocabulary")));
    }
  }

  @Test
  void filesThatAreNoGgufOrDamagedGetNoOfferAndAreNamed() throws IOException {
    Path file = folder.resolve("model.gguf");
    ModelHint model = new ModelHint(256, file, List.of());
    for (byte[] contents :
        List.of(
            "".getBytes(UTF_8),
            "GGU".getBytes(UTF_8),
            "hello".getBytes(UTF_8),
            "GGUF\3\0\0\0".getBytes(UTF_8))) {
      Files.write(file, contents);
      assertEquals(List.of(), new GgufTokenizerProvider().offers(model));
      var error =
          assertThrows(
              IOException.class, () -> new GgufTokenizerProvider().create(Optional.of(file)));
      assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
    }
    Files.delete(file);
    assertEquals(List.of(), new GgufTokenizerProvider().offers(model));
  }
}
