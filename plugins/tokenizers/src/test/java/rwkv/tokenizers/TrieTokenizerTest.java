package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.plugin.RandomText;
import rwkv.plugin.TestSeed;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;

class TrieTokenizerTest extends TokenizerContract {

  @TempDir Path folder;
  private TrieTokenizer small;

  @BeforeEach
  void write() throws IOException {
    small = tokenizer(VocabularyFiles.bytesAnd(" Anna", " An", "nna", " the", "\n\n", "é", "你好"));
  }

  @Override
  protected Tokenizer tokenizer() {
    return small;
  }

  private TrieTokenizer tokenizer(List<byte[]> tokens) throws IOException {
    return TrieTokenizer.read(VocabularyFiles.write(folder.resolve("test.vocab.txt"), tokens));
  }

  private TrieTokenizer tokenizer(String... words) throws IOException {
    return tokenizer(VocabularyFiles.utf8(words));
  }

  @Test
  void theLongestTokenIsTaken() throws IOException {
    TrieTokenizer ab = tokenizer("a", "ab", "abc", "b", "c");
    assertArrayEquals(new int[] {3}, ab.encode("abc"));
    assertArrayEquals(new int[] {2, 3, 5}, ab.encode("ababcc"));
    assertArrayEquals(new int[] {1, 1, 2}, ab.encode("aaab"));
  }

  @Test
  void aLongBeginningThatIsNoTokenFallsBackToTheLastToken() throws IOException {
    TrieTokenizer tokenizer = tokenizer("a", "b", "ab", "abbbbbc");
    assertArrayEquals(new int[] {3, 2, 2, 2, 2, 1}, tokenizer.encode("abbbbba"));
    assertArrayEquals(new int[] {4, 3, 2}, tokenizer.encode("abbbbbcabb"));
  }

  @Test
  void choiceIsGreedyEvenWhereThatLeadsNowhere() throws IOException {
    TrieTokenizer tokenizer = tokenizer("a", "ab", "bc");
    var error = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("abc"));
    assertEquals(
        "Vocabulary (test.vocab.txt) has no token for 'c' (U+0063) at index 2", error.getMessage());
  }

  @Test
  void charactersAreNamedByIndexAndCodeInWhatCannotBeWritten() throws IOException {
    TrieTokenizer tokenizer = tokenizer("a", " b", "😀");
    for (String[] example :
        new String[][] {
          {"a😀aé", "'é' (U+00E9) at index 4"},
          {"a b\n", "U+000A at index 3"},
          {"😁", "'😁' (U+1F601) at index 0"},
          {"a ", "' ' (U+0020) at index 1"}
        }) {
      var error = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode(example[0]));
      assertEquals(
          "Vocabulary (test.vocab.txt) has no token for " + example[1], error.getMessage());
    }
  }

  @Test
  void aCharacterOfWhichOnlyTheFirstBytesAreTokensIsNamedWhole() throws IOException {
    TrieTokenizer tokenizer = tokenizer(List.of(new byte[] {'a'}, new byte[] {(byte) 0xC3}));
    var error = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("aé"));
    assertEquals(
        "Vocabulary (test.vocab.txt) has no token for 'é' (U+00E9) at index 1", error.getMessage());
    error =
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("aé".getBytes(UTF_8)));
    assertEquals(
        "Vocabulary (test.vocab.txt) has no token for byte 0xA9 at offset 2", error.getMessage());
  }

  @Test
  void idZeroAndGapsHaveNoBytes() throws IOException {
    Path file = Files.writeString(folder.resolve("gaps.vocab.txt"), "3 'a' 1\n7 'bb' 2\n");
    TrieTokenizer tokenizer = TrieTokenizer.read(file);
    assertEquals(8, tokenizer.vocabularySize());
    assertEquals(0, tokenizer.endOfText());
    assertArrayEquals(new int[] {7, 3}, tokenizer.encode("bba"));
    for (int id = 0; id < 8; id++) {
      assertEquals(id == 3 ? "a" : id == 7 ? "bb" : "", new String(tokenizer.bytes(id), UTF_8));
    }
  }

  @Test
  void textDoesNotTurnIntoEndOfText() {
    assertEquals("", small.decode(new int[] {0}));
    assertArrayEquals(new int[] {1}, small.encode("\0"));
  }

  @Test
  void tokensAreThoseOfASearchThroughTheWholeList() throws IOException {
    Random random = TestSeed.random(getClass().getName() + " against a list");
    for (int round = 0; round < 60; round++) {
      TreeSet<byte[]> distinct = new TreeSet<>(Arrays::compareUnsigned);
      distinct.addAll(VocabularyFiles.bytesAnd());
      int words = random.nextInt(300);
      int letters = 1 + random.nextInt(4);
      for (int i = 0; i < words; i++) {
        distinct.add(word(random, letters));
      }
      List<byte[]> tokens = new ArrayList<>(distinct);
      Collections.shuffle(tokens, random);
      TrieTokenizer tokenizer = tokenizer(tokens);
      byte[] text = new byte[random.nextInt(400)];
      for (int at = 0; at < text.length; ) {
        byte[] piece = word(random, letters);
        int length = Math.min(piece.length, text.length - at);
        System.arraycopy(piece, 0, text, at, length);
        at += length;
      }
      assertArrayEquals(slowly(tokens, text), tokenizer.encode(text));
    }
  }

  private static byte[] word(Random random, int letters) {
    if (random.nextInt(4) == 0) {
      return RandomText.unicode(random, 1 + random.nextInt(3)).getBytes(UTF_8);
    }
    byte[] word = new byte[1 + random.nextInt(9)];
    for (int i = 0; i < word.length; i++) {
      word[i] = (byte) (0xFD + random.nextInt(letters));
    }
    return word;
  }

  private static int[] slowly(List<byte[]> tokens, byte[] text) {
    List<Integer> ids = new ArrayList<>();
    for (int at = 0; at < text.length; ) {
      int best = -1;
      for (int i = 0; i < tokens.size(); i++) {
        byte[] token = tokens.get(i);
        if (at + token.length <= text.length
            && Arrays.equals(token, 0, token.length, text, at, at + token.length)
            && (best < 0 || token.length > tokens.get(best).length)) {
          best = i;
        }
      }
      ids.add(best + 1);
      at += tokens.get(best).length;
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
