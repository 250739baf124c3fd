package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TranscriptTest {

  private final Letters letters = new Letters();
  private final Transcript transcript = new Transcript();

  private void read(String text) {
    for (int token : letters.encode(text)) {
      transcript.append(Letters.token(transcript.size(), token), letters);
    }
  }

  @Test
  void aCharacterBelongsToTheLastOfItsTokens() {
    read("a€b");
    assertEquals(5, transcript.size());
    assertEquals("", transcript.get(1).text());
    assertEquals("", transcript.get(2).text());
    assertEquals("€", transcript.get(3).text());
    assertEquals(2, transcript.sharedBefore(3));
    assertEquals(0, transcript.sharedBefore(4));
    assertEquals("a€b", transcript.text(0, transcript.length()));
    assertEquals("226, 130, 172", transcript.ids(1, 2));
  }

  @Test
  void aTokenWithoutTextIsSeenButNotCopied() {
    read("ab");
    transcript.append(Letters.token(2, 0), letters);
    read("c");
    assertTrue(transcript.get(2).mark());
    assertEquals(4, transcript.length());
    assertEquals("abc", transcript.text(0, transcript.length()));
    assertEquals("97, 98, 0, 99", transcript.ids(0, transcript.length()));
  }

  @Test
  void aCharacterCutOffByTheEndOfATextDoesNotReachTheNext() {
    transcript.append(Letters.token(0, 0xE2), letters);
    transcript.append(Letters.token(1, 0), letters);
    read("b");
    assertEquals("\uFFFD" + Transcript.MARK, transcript.get(1).text());
    assertEquals("b", transcript.get(2).text());
  }

  @Test
  void partOfTheTextIsCopied() {
    read("hello");
    assertEquals("ell", transcript.text(1, 4));
    assertEquals(3, transcript.tokenAt(3));
    assertEquals(4, transcript.tokenAt(99));
  }

  @Test
  void whatIsTakenBackIsGone() {
    read("a€b");
    int generation = transcript.generation();
    transcript.takeBack(9);
    assertEquals(generation, transcript.generation());
    transcript.takeBack(4);
    assertEquals("a€", transcript.text(0, 99));
    assertEquals(2, transcript.length());
    assertEquals(generation + 1, transcript.generation());
    transcript.append(Letters.token(4, 'c'), letters);
    assertEquals("a€c", transcript.text(0, 99));
    transcript.takeBack(0);
    assertEquals(0, transcript.length());
    assertEquals("", transcript.text(0, 99));
  }

  @Test
  void clearingBeginsANewGeneration() {
    read("a");
    int generation = transcript.generation();
    transcript.clear();
    assertEquals(0, transcript.size());
    assertEquals(0, transcript.length());
    assertEquals(generation + 1, transcript.generation());
  }
}
