package rwkv.app.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rwkv.engine.session.StopRule;
import rwkv.engine.session.StopRule.Verdict;

class AnswerStopTest {

  private final Words words = Words.of(".\n\n", "User", "\n\n", "é\n", "x");
  private final AnswerStop stop = new AnswerStop(words, Set.of(7), List.of("\n\nUser:"));

  private void goesOn(int held, int token) {
    assertEquals(new Verdict.GoesOn(held), stop.next(token));
  }

  private void goesOn(int held, String text) {
    for (int token : words.encode(text)) {
      stop.next(token);
    }
    goesOn(held, words.word("x"));
  }

  private Verdict.Stops stops(int token) {
    return assertInstanceOf(Verdict.Stops.class, stop.next(token));
  }

  private static void assertStops(int tokens, int[] instead, Verdict.Stops stops) {
    assertEquals(tokens, stops.tokens());
    assertArrayEquals(instead, stops.instead());
  }

  @Test
  void everyByteOfAStopSequenceIsTakenBack() {
    goesOn(0, 'a' + 1);
    int held = 1;
    for (byte b : "\n\nUser".getBytes(UTF_8)) {
      goesOn(held++, b + 1);
    }
    assertStops(7, new int[0], stops(':' + 1));
    assertEquals("a", new String(stop.take(), UTF_8));
  }

  @Test
  void wordsAreTakenBackWhole() {
    goesOn(1, words.word("\n\n"));
    goesOn(2, words.word("User"));
    assertStops(3, new int[0], stops(':' + 1));
  }

  @Test
  void theAnswersPartOfATokenIsReadInstead() {
    goesOn(1, words.word(".\n\n"));
    goesOn(2, words.word("User"));
    assertStops(3, new int[] {'.' + 1}, stops(':' + 1));
    assertEquals(".", new String(stop.take(), UTF_8));
  }

  @Test
  void whatTurnsOutToBeTextIsLetGo() {
    goesOn(1, words.word(".\n\n"));
    goesOn(2, words.word("User"));
    goesOn(0, words.word("x"));
    goesOn(1, '\n' + 1);
    goesOn(2, '\n' + 1);
    goesOn(2, '\n' + 1);
    assertEquals(".\n\nUserx\n", new String(stop.take(), UTF_8));
  }

  @Test
  void halfACharacterThatCannotBeWrittenStays() {
    Words odd = Words.of();
    AnswerStop bytes = new AnswerStop(odd, Set.of(), List.of("\n\n"));
    assertEquals(new Verdict.GoesOn(0), bytes.next(0xC3 + 1));
    assertEquals(new Verdict.GoesOn(1), bytes.next('\n' + 1));
    Verdict.Stops end = assertInstanceOf(Verdict.Stops.class, bytes.next('\n' + 1));
    assertStops(2, new int[0], end);
  }

  @Test
  void stopTokensAndTheEndOfTextAreNotRead() {
    assertStops(1, new int[0], stops(0));
    assertStops(1, new int[0], stops(7));
    goesOn(1, '\n' + 1);
    assertStops(1, new int[0], stops(0));
    assertEquals("\n", new String(stop.takeAll(), UTF_8));
  }

  @Test
  void plainTextIsNotStopped() {
    assertSame(StopRule.NONE, AnswerStop.of(PromptTemplates.PLAIN, words));
    goesOn(0, "User: no line feeds");
  }
}
