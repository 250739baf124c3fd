package rwkv.app.plugins;

import java.util.ServiceConfigurationError;
import rwkv.app.message.Sentence;

/** What plugins say, made fit to be shown. */
final class Words {

  private static final int LONGEST = 300;

  private Words() {}

  /** A text in one line without control characters, and not longer than it may be. */
  static String oneLine(String text, int longest) {
    String line =
        text.codePoints()
            .limit(4L * longest)
            .map(c ->
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .strip()
            .replaceAll(" {2,}", " ");
    return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
  }

  /** What a failure says, as a sentence. */
  static String sentence(Throwable failure) {
    return oneLine(Sentence.of(failure), LONGEST);
  }

  /** A failure of a plugin's own code, with its kind, which its author will want to know. */
  static String failure(Throwable failure) {
    Throwable cause = failure.getCause();
    String why =
        failure instanceof ServiceConfigurationError && cause != null
            ? failure.getMessage() + ": " + cause
            : failure.toString();
    return oneLine(why.endsWith(".") ? why : why + ".", LONGEST);
  }
}
