package rwkv.app.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.plugin.StreamingDecoder;

class StopSequencesTest {

  private static String add(StopSequences stops, String text) {
    stops.add(text.getBytes(UTF_8));
    return new String(stops.take(), UTF_8);
  }

  @Test
  void aBeginningIsHeldBackUntilItIsKnown() {
    StopSequences stops = new StopSequences(List.of("\n\nUser:"));
    assertEquals("Hi.", add(stops, "Hi.\n"));
    assertEquals(1, stops.held());
    assertEquals("\nand", add(stops, "and"));
    assertEquals("", add(stops, "\n"));
    assertEquals("\n", add(stops, "\n\n"));
    assertEquals("", add(stops, "Use"));
    assertEquals(5, stops.held());
    assertEquals("", add(stops, "r: x"));
    assertTrue(stops.hasEnded());
    assertEquals("\n\nUser:", stops.found());
    assertEquals(9, stops.surplus());
    assertThrows(IllegalStateException.class, () -> stops.add(new byte[1]));
  }

  @Test
  void whatIsHeldIsTextAfterAllWhenNothingMoreComes() {
    StopSequences stops = new StopSequences(List.of("\n\n"));
    assertEquals("a", add(stops, "a\n"));
    assertEquals("\n", new String(stops.takeAll(), UTF_8));
    assertEquals(0, stops.held());
  }

  @Test
  void theFirstToBeCompleteEndsItAndTheLongestOfSeveral() {
    StopSequences stops = new StopSequences(List.of("abcd", "bc", "c"));
    assertEquals("xa", add(stops, "xabcd"));
    assertEquals("bc", stops.found());
  }

  @Test
  void anOverlappingBeginningIsNotLost() {
    StopSequences stops = new StopSequences(List.of("aab"));
    assertEquals("a", add(stops, "aaa"));
    assertEquals("", add(stops, "b"));
    assertTrue(stops.hasEnded());
  }

  @Test
  void anEmptySequenceIsRefusedAndNoSequenceStopsNothing() {
    assertThrows(IllegalArgumentException.class, () -> new StopSequences(List.of("a", "")));
    StopSequences none = new StopSequences(List.of());
    assertEquals("abc", add(none, "abc"));
    assertFalse(none.hasEnded());
  }

  @Test
  void anyCuttingFindsWhatIsFoundInTheWhole() {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    System.out.println("stop sequences: -Dtests.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      String text = random(random, 1 + random.nextInt(40));
      List<String> wanted = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        wanted.add(random(random, 1 + random.nextInt(4)));
      }
      check(text, wanted, random);
    }
  }

  /** Few characters, of one to four bytes, so that beginnings are frequent. */
  private static String random(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(new int[] {'a', '\n', 'é', 'è', '€', 0x1F600}[random.nextInt(6)]);
    }
    return text.toString();
  }

  private static void check(String text, List<String> wanted, Random random) {
    int end = Integer.MAX_VALUE;
    int start = text.length();
    for (int to = 1; to <= text.length() && end == Integer.MAX_VALUE; to++) {
      for (String stop : wanted) {
        if (text.startsWith(stop, to - stop.length())) {
          end = to;
          start = Math.min(start, to - stop.length());
        }
      }
    }
    byte[] bytes = text.getBytes(UTF_8);
    StopSequences stops = new StopSequences(wanted);
    StringBuilder shown = new StringBuilder();
    StreamingDecoder decoder = new StreamingDecoder();
    for (int at = 0; at < bytes.length && !stops.hasEnded(); ) {
      int next = Math.min(bytes.length, at + 1 + random.nextInt(5));
      stops.add(Arrays.copyOfRange(bytes, at, next));
      shown.append(decoder.add(stops.take()));
      at = next;
      int held = new String(bytes, 0, at, UTF_8).length();
      assertTrue(stops.hasEnded() || shown.length() <= held);
    }
    assertEquals(end != Integer.MAX_VALUE, stops.hasEnded(), text + wanted);
    shown.append(decoder.add(stops.takeAll())).append(decoder.finish());
    assertEquals(text.substring(0, start), shown.toString(), text + wanted);
  }

  @Test
  void charactersAtAnEndAreCounted() {
    List<String> stops = List.of("\n\nUser:", "END");
    assertEquals(0, StopSequences.heldAtEnd("", stops));
    assertEquals(0, StopSequences.heldAtEnd("abc", stops));
    assertEquals(1, StopSequences.heldAtEnd("abc\n", stops));
    assertEquals(4, StopSequences.heldAtEnd("abc\n\n\nUs", stops));
    assertEquals(2, StopSequences.heldAtEnd("EN", stops));
    assertEquals(0, StopSequences.heldAtEnd("END", stops));
  }
}
