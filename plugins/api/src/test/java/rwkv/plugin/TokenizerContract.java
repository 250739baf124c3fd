package rwkv.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every tokenizer must do. A test of a tokenizer extends it and says how to make one; a plugin
 * may use it too, from the test jar of the plugin API.
 */
public abstract class TokenizerContract {

  private final Random random = TestSeed.random(getClass().getName());

  /** The tokenizer to test; may be the same each time. */
  protected abstract Tokenizer tokenizer() throws Exception;

  /** A text that it must be able to write; by default any Unicode text. */
  protected String text(Random source, int length) {
    return RandomText.unicode(source, length);
  }

  /** What encoding keeps of a text; for tokenizers that normalise it first. */
  protected String kept(String text) {
    return text;
  }

  @Test
  void textComesBackFromItsTokens() throws Exception {
    Tokenizer tokenizer = tokenizer();
    for (int length : lengths()) {
      String text = text(random, length);
      assertEquals(kept(text), tokenizer.decode(tokenizer.encode(text)));
    }
  }

  @Test
  void tokensHoldTheBytesOfTheText() throws Exception {
    Tokenizer tokenizer = tokenizer();
    for (int length : lengths()) {
      String text = text(random, length);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int token : tokenizer.encode(text)) {
        bytes.writeBytes(tokenizer.bytes(token));
      }
      assertArrayEquals(kept(text).getBytes(UTF_8), bytes.toByteArray());
    }
  }

  @Test
  void tokensAreWithinTheVocabulary() throws Exception {
    Tokenizer tokenizer = tokenizer();
    for (int token : tokenizer.encode(text(random, 2000))) {
      assertTrue(token >= 0 && token < tokenizer.vocabularySize(), "token " + token);
      assertTrue(token != tokenizer.endOfText(), "text holds the end of text");
    }
  }

  @Test
  void emptyTextHasNoTokens() throws Exception {
    assertEquals(0, tokenizer().encode("").length);
    assertEquals("", tokenizer().decode(new int[0]));
  }

  @Test
  void idsOutsideTheVocabularyHaveNoBytes() throws Exception {
    Tokenizer tokenizer = tokenizer();
    int size = tokenizer.vocabularySize();
    for (int id : new int[] {-1, Integer.MIN_VALUE, size, size + 1, Integer.MAX_VALUE}) {
      assertEquals(0, tokenizer.bytes(id).length, "id " + id);
    }
  }

  @Test
  void endOfTextIsATokenWithoutBytesOrNone() throws Exception {
    Tokenizer tokenizer = tokenizer();
    int end = tokenizer.endOfText();
    assertTrue(end >= -1 && end < tokenizer.vocabularySize());
    assertEquals(0, tokenizer.bytes(end).length);
  }

  @Test
  void bytesBelongToTheCaller() throws Exception {
    Tokenizer tokenizer = tokenizer();
    int token = tokenizer.encode(text(random, 1))[0];
    byte[] before = tokenizer.bytes(token);
    Arrays.fill(tokenizer.bytes(token), (byte) 0x7E);
    assertArrayEquals(before, tokenizer.bytes(token));
  }

  @Test
  void halfASurrogatePairIsRefused() throws Exception {
    Tokenizer tokenizer = tokenizer();
    for (String half : List.of("\uD83D", "\uDE00", "\uD83D\uD83D", "\uDE00\uD83D", "\uD83D.")) {
      assertThrows(IllegalArgumentException.class, () -> tokenizer.encode(half));
    }
  }

  @Test
  void hasANameForAPerson() throws Exception {
    assertFalse(tokenizer().name().isBlank());
  }

  @Test
  void encodesTheSameInManyThreads() throws Exception {
    Tokenizer tokenizer = tokenizer();
    String text = text(random, 5000);
    int[] expected = tokenizer.encode(text);
    Callable<Boolean> once =
        () ->
            Arrays.equals(expected, tokenizer.encode(text))
                && tokenizer.decode(expected).equals(kept(text));
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        results.add(threads.submit(once));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    }
  }

  private static int[] lengths() {
    return new int[] {1, 1, 1, 2, 3, 5, 10, 30, 100, 300, 1000, 3000, 20_000};
  }
}
