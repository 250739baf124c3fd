package rwkv.app.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AnswerTextTest {

  @Test
  void anAnswerWithoutThoughtIsWhatIsSaid() {
    assertEquals(new AnswerText("", "Hi.\n", false), AnswerText.of(" Hi.\n"));
  }

  @Test
  void aThoughtIsToldFromTheAnswerWhileItIsMade() {
    assertEquals(new AnswerText("", "", true), AnswerText.of(" <think"));
    assertEquals(new AnswerText("Well", "", true), AnswerText.of(" <think>\nWell"));
    AnswerText whole = AnswerText.of(" <think>\nWell.\n</think>\n\nYes.");
    assertEquals(new AnswerText("Well.", "Yes.", false), whole);
    assertEquals("<think>\nWell.\n</think>\n\nYes.", whole.text());
  }

  @Test
  void anEmptyThoughtIsNotShown() {
    AnswerText answer = AnswerText.of(" <think>\n</think>\nYes.");
    assertEquals(new AnswerText("", "Yes.", false), answer);
    assertEquals("Yes.", answer.text());
    assertEquals(new AnswerText("", "", false), AnswerText.of(" <think></think"));
  }
}
