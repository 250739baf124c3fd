package rwkv.app.cli;

import rwkv.app.prompt.AnswerText;
import rwkv.plugin.StreamingDecoder;

/**
 * An answer that is shown while it is made: without the blanks that it begins with, and without a
 * thought in which nothing was thought.
 */
final class AnswerOut {

  private final TextOut out;
  private final StreamingDecoder decoder = new StreamingDecoder();
  private final StringBuilder text;
  private int shown = -1;

  /**
   * @param opening what the prompt has begun the answer with
   */
  AnswerOut(TextOut out, String opening) {
    this.out = out;
    this.text = new StringBuilder(opening);
  }

  /**
   * Shows what a token's bytes complete.
   *
   * @return false if nobody reads any more
   */
  boolean add(byte[] bytes) {
    return show(decoder.add(bytes));
  }

  /** Ends the answer, and its last line. */
  void finish() {
    show(decoder.finish());
    out.finish();
  }

  /** The answer so far, as the model wrote it. */
  String text() {
    return text.toString();
  }

  private boolean show(String more) {
    text.append(more);
    if (shown < 0) {
      shown = beginning();
    }
    if (shown < 0) {
      return out.add("");
    }
    String next = text.substring(shown);
    shown = text.length();
    return out.add(next);
  }

  /** Where the part begins that is to be seen, or -1 if that cannot be told yet. */
  private int beginning() {
    AnswerText answer = AnswerText.of(text.toString());
    if (!answer.thought().isEmpty()) {
      return text.length() - text.toString().stripLeading().length();
    }
    return answer.said().isEmpty() ? -1 : text.length() - answer.said().length();
  }
}
