package rwkv.app.prompt;

/**
 * An answer, divided where the model divides it: G1 models think between {@code <think>} and {@code
 * </think>} before they speak.
 *
 * @param thought what was thought, without the marks; empty if nothing was
 * @param said what is said
 * @param thinking whether the thought has not ended yet
 */
public record AnswerText(String thought, String said, boolean thinking) {

  private static final String OPEN = "<think";
  private static final String CLOSE = "</think";

  /**
   * Reads an answer, complete or not.
   *
   * @param text with the opening that the template wrote
   */
  public static AnswerText of(String text) {
    String answer = text.stripLeading();
    if (!answer.startsWith(OPEN)) {
      return new AnswerText("", answer, false);
    }
    String inner = afterBracket(answer.substring(OPEN.length()));
    int end = inner.indexOf(CLOSE);
    if (end < 0) {
      return new AnswerText(inner.strip(), "", true);
    }
    String said = afterBracket(inner.substring(end + CLOSE.length()));
    return new AnswerText(inner.substring(0, end).strip(), said.stripLeading(), false);
  }

  /** As one text: the thought between its marks, unless it is empty, and what is said. */
  public String text() {
    return thought.isEmpty() ? said : OPEN + ">\n" + thought + "\n" + CLOSE + ">\n\n" + said;
  }

  /** The template's opening ends before the bracket, which is for the model to write. */
  private static String afterBracket(String text) {
    return text.startsWith(">") ? text.substring(1) : text;
  }
}
