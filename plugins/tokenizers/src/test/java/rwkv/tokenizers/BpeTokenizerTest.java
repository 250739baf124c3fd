package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.plugin.TestSeed;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;

class BpeTokenizerTest extends TokenizerContract {

  @TempDir Path folder;
  private BpeTokenizer small;

  @BeforeEach
  void write() throws IOException {
    small = read(new BpeFiles("h|e", "t|he", " |the", "\n|\n").add(300, "</s>", true, false));
  }

  @Override
  protected Tokenizer tokenizer() {
    return small;
  }

  private BpeTokenizer read(BpeFiles files) throws IOException {
    return BpeTokenizer.read(files.write(folder.resolve("tokenizer.json")));
  }

  private static int[] ids(BpeFiles files, String... tokens) {
    return List.of(tokens).stream().mapToInt(files::id).toArray();
  }

  @Test
  void theEarliestMergeIsDoneFirstAndOfEqualOnesTheLeftmost() throws IOException {
    BpeFiles files = new BpeFiles("b|c", "a|b", "a|a");
    BpeTokenizer tokenizer = read(files);
    assertArrayEquals(ids(files, "a", "bc"), tokenizer.encode("abc"));
    assertArrayEquals(ids(files, "ab", "d"), tokenizer.encode("abd"));
    assertArrayEquals(ids(files, "aa", "aa", "a"), tokenizer.encode("aaaaa"));
    assertArrayEquals(ids(files, "aa", "ab"), tokenizer.encode("aaab"));
  }

  @Test
  void mergesReachNoFurtherThanAWord() throws IOException {
    BpeFiles files = new BpeFiles("e| ", "e| t", " |t", "1|a", "!|!");
    BpeTokenizer tokenizer = read(files);
    assertArrayEquals(ids(files, "e", " t", "1", "a", "!!", " "), tokenizer.encode("e t1a!! "));
    files.words.put("use_regex", false);
    assertArrayEquals(
        ids(files, "e ", "t", "1a", "!!", " "), read(files).encode("e t1a!! "), "as one word");
  }

  @Test
  void mergesMayBeWrittenAsTextOrAsPairs() throws IOException {
    BpeFiles files = new BpeFiles("h|e", "t|he", " |the");
    int[] expected = read(files).encode(" the hen");
    files.merges.replaceAll(merge -> List.of(((String) merge).split(" ")));
    assertArrayEquals(expected, read(files).encode(" the hen"));
    assertArrayEquals(ids(files, " the", " ", "he", "n"), expected);
  }

  @Test
  void aWordThatIsATokenIsTakenWholeOnlyWhereTheFileSaysSo() throws IOException {
    BpeFiles files = new BpeFiles("a|b", "b|c", "a|bc");
    assertArrayEquals(ids(files, "ab", "c"), read(files).encode("abc"));
    files.model.put("ignore_merges", true);
    assertArrayEquals(ids(files, "abc"), read(files).encode("abc"));
  }

  @Test
  void aSpaceIsPutBeforeTextWhereTheFileSaysSo() throws IOException {
    BpeFiles files = new BpeFiles(" |a").add(300, "<x>", false, false);
    files.words.put("add_prefix_space", true);
    BpeTokenizer tokenizer = read(files);
    assertArrayEquals(ids(files, " a"), tokenizer.encode("a"));
    assertArrayEquals(ids(files, " a"), tokenizer.encode(" a"));
    assertEquals(0, tokenizer.encode("").length);
    int a = files.id(" a");
    assertArrayEquals(new int[] {a, 300, a}, tokenizer.encode("a<x>a"));
  }

  @Test
  void theLongestAddedTokenIsTakenAtTheFirstPlaceWhereOneBegins() throws IOException {
    BpeFiles files = new BpeFiles("a|b").add(300, "bb", false, false).add(301, "bbb", false, false);
    int a = files.id("a");
    assertArrayEquals(new int[] {a, 301, 300, a}, read(files).encode("abbbbba"));
  }

  @Test
  void addedTokensAreLookedForBeforeOrAfterNormalisation() throws IOException {
    BpeFiles files =
        new BpeFiles().add(300, "e\u0301", false, true).add(301, "o\u0301", false, false);
    files.root.put("normalizer", Map.of("type", "NFC"));
    BpeTokenizer tokenizer = read(files);
    assertArrayEquals(new int[] {300}, tokenizer.encode("\u00e9"));
    assertArrayEquals(new int[] {300}, tokenizer.encode("e\u0301"));
    assertArrayEquals(new int[] {301}, tokenizer.encode("o\u0301"));
    assertEquals(2, tokenizer.encode("\u00f3").length);
  }

  @Test
  void withoutANormaliserTextStaysAsItIs() {
    assertEquals("e\u0301", small.decode(small.encode("e\u0301")));
  }

  @Test
  void whatHasNoTokenIsRefusedByName() throws IOException {
    BpeFiles files = new BpeFiles();
    files.vocab.remove(ByteAlphabet.token("é").substring(1));
    BpeTokenizer tokenizer = read(files);
    var error = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("aé"));
    assertEquals(
        "Byte-level BPE (tokenizer.json) has no token for 'é' (U+00E9)", error.getMessage());
  }

  @Test
  void withoutASpecialTokenOfThatNameNothingEndsAText() throws IOException {
    assertEquals(300, small.endOfText());
    assertEquals(-1, read(new BpeFiles().add(300, "</s>", false, false)).endOfText());
    assertEquals(-1, read(new BpeFiles()).endOfText());
  }

  @Test
  void mergesAreThoseOfASearchForTheBestPairEachTime() throws IOException {
    Random random = TestSeed.random(getClass().getName() + " slowly");
    for (int round = 0; round < 60; round++) {
      List<String> merges = randomMerges(random);
      BpeFiles files = new BpeFiles(merges.toArray(String[]::new));
      files.words.put("use_regex", false);
      BpeTokenizer tokenizer = read(files);
      for (int i = 0; i < 20; i++) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(60); length > 0; length--) {
          text.append((char) ('a' + random.nextInt(3)));
        }
        String[] slowly = slowly(merges, text.toString());
        assertArrayEquals(
            ids(files, slowly), tokenizer.encode(text.toString()), merges + " " + text);
      }
    }
  }

  /** Merges of what earlier merges made, in an order that need not make sense. */
  private static List<String> randomMerges(Random random) {
    List<String> tokens = new ArrayList<>(List.of("a", "b", "c"));
    Set<String> merges = new LinkedHashSet<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      String left = tokens.get(random.nextInt(tokens.size()));
      String right = tokens.get(random.nextInt(tokens.size()));
      if (left.length() + right.length() < 9) {
        merges.add(left + "|" + right);
        tokens.add(left + right);
      }
    }
    List<String> shuffled = new ArrayList<>(merges);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static String[] slowly(List<String> merges, String text) {
    List<String> word = new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = Integer.MAX_VALUE;
      int where = -1;
      for (int i = 0; i + 1 < word.size(); i++) {
        int rank = merges.indexOf(word.get(i) + "|" + word.get(i + 1));
        if (rank >= 0 && rank < best) {
          best = rank;
          where = i;
        }
      }
      if (where < 0) {
        return word.toArray(String[]::new);
      }
      word.set(where, word.get(where) + word.remove(where + 1));
    }
  }

  @Test
  void everyByteHasALetterOfItsOwn() {
    char[] letters = ByteAlphabet.letters();
    for (int value = 0; value < 256; value++) {
      byte[] back = ByteAlphabet.bytes(String.valueOf(letters[value]));
      assertArrayEquals(new byte[] {(byte) value}, back);
    }
    assertEquals("Ġthe", ByteAlphabet.token(" the"));
    assertEquals("ĊĠÃ©", ByteAlphabet.token("\n é"));
    assertArrayEquals(" 你".getBytes(UTF_8), ByteAlphabet.bytes(" 你"), "no letters: as it is");
  }
}
