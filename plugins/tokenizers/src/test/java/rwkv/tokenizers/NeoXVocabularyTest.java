package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rwkv.plugin.RandomText;
import rwkv.plugin.TestSeed;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vocabulary of GPT-NeoX 20B, against what its makers' library makes of 254 texts. */
class NeoXVocabularyTest extends TokenizerContract {

  private static Path file;
  private static BpeTokenizer neoX;

  @BeforeAll
  static void read() throws IOException {
    file = Reference.file("tokenizer/20B_tokenizer.json");
    neoX = BpeTokenizer.read(file);
  }

  @Override
  protected Tokenizer tokenizer() {
    return neoX;
  }

  @Override
  protected String kept(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  @Test
  void allReferenceTextsGetTheReferenceTokensAndComeBack() throws IOException {
    Path vectors = Reference.file("tokenizer/20b_vectors.json");
    JsonNode all = JsonMapper.shared().readTree(Files.readAllBytes(vectors)).get("vectors");
    assertEquals(254, all.size());
    for (JsonNode vector : all) {
      String text = vector.get("text").asString();
      int[] ids =
          IntStream.range(0, vector.get("ids").size())
              .map(i -> vector.get("ids").get(i).asInt())
              .toArray();
      String shown = vector.get("group").asString() + " " + Arrays.toString(ids);
      assertArrayEquals(ids, neoX.encode(text), shown);
      assertEquals(vector.get("decoded").asString(), neoX.decode(ids), shown);
    }
  }

  @Test
  void knownTokensHaveTheirIds() {
    assertAll(
        () -> assertArrayEquals(new int[] {187}, neoX.encode("\n")),
        () -> assertArrayEquals(new int[] {535}, neoX.encode("\n\n")),
        () ->
            assertArrayEquals(
                new int[] {187, 0, 1, 187}, neoX.encode("\n<|endoftext|><|padding|>\n")),
        () -> assertEquals(50277, neoX.vocabularySize()),
        () -> assertEquals(0, neoX.endOfText()),
        () -> assertEquals("GPT-NeoX 20B (20B_tokenizer.json)", neoX.name()),
        () ->
            assertEquals(
                Optional.of(new TokenizerJsonGlance.Size(50254, 50277)),
                TokenizerJsonGlance.of(file)));
  }

  @Test
  void runsOfSpacesAreCutFromTheLeftIntoRunsOf24() {
    for (int spaces = 2; spaces <= 100; spaces++) {
      int rest = spaces % 24;
      int[] expected = new int[(spaces + 23) / 24];
      Arrays.fill(expected, 50254);
      if (rest > 0) {
        expected[expected.length - 1] = rest == 1 ? 209 : 50254 + 24 - rest;
      }
      assertArrayEquals(expected, neoX.encode(" ".repeat(spaces)), spaces + " spaces");
      String between = "a" + " ".repeat(spaces) + "b";
      assertEquals(between, neoX.decode(neoX.encode(between)));
    }
  }

  @Test
  void specialTokensAreWrittenOutButHaveNoBytes() {
    assertEquals("a<|endoftext|>b", neoX.decode(neoX.encode("a<|endoftext|>b")));
    assertEquals(0, neoX.bytes(0).length);
    assertEquals(0, neoX.bytes(1).length);
    assertEquals("  ", new String(neoX.bytes(50276)));
    // Half a character before a special token does not reach over it.
    int half = neoX.encode("é")[0];
    assertEquals("é<|endoftext|>", neoX.decode(new int[] {half, 0}));
  }

  @Test
  void aLongWordIsNoTrap() {
    // A search through the whole word for each merge would take minutes.
    for (String letter : new String[] {"a", "é", "\u0301", "=", "\n", "ab", "你"}) {
      String text = letter.repeat(100_000);
      int[] tokens = neoX.encode(text);
      assertTrue(tokens.length < 3 * 100_000, letter);
      assertEquals(kept(text), neoX.decode(tokens), letter);
    }
  }

  @Test
  void composedAndDecomposedTextIsTheSame() {
    assertArrayEquals(neoX.encode("caf\u00e9 \uac00"), neoX.encode("cafe\u0301 \u1100\u1161"));
  }

  @Test
  void characterThatNobodyHasAssignedAreWrittenInBytes() {
    for (int code : new int[] {0x378, 0xE000, 0xFFFF, 0x3FFFF, 0x10FFFF, 0x0, 0x7F, 0x85}) {
      String text = "a " + Character.toString(code) + " b";
      assertEquals(text, neoX.decode(neoX.encode(text)));
    }
  }

  @Test
  void anyTextComesBackNormalised() {
    Random random = TestSeed.random(getClass().getName() + " any text");
    for (int round = 0; round < 1000; round++) {
      String text = RandomText.unicode(random, random.nextInt(60));
      assertEquals(kept(text), neoX.decode(neoX.encode(text)));
    }
  }

  @Test
  void rememberedWordsAreThoseOfAFreshTokenizer() throws IOException {
    Random random = TestSeed.random(getClass().getName() + " remembered");
    String text = RandomText.unicode(random, 100_000); // more words than are remembered
    int[] once = neoX.encode(text);
    assertArrayEquals(once, neoX.encode(text));
    assertArrayEquals(once, BpeTokenizer.read(file).encode(text));
  }
}
