package rwkv.engine.checkpoint;

import java.util.List;
import java.util.regex.Pattern;

/** Makes text from a file fit for a one-line message. */
final class Quote {

  private static final int LONGEST = 120;
  private static final int MOST_SIZES = 8;

  /** Control characters, line separators, and marks that turn the direction of text. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Quote() {}

  /** The name, on one line, shortened where it is absurdly long. */
  static String name(String text) {
    String shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    return UNPRINTABLE.matcher(shortened).replaceAll("?");
  }

  /** A sentence, on one line. */
  static String text(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }

  /** As in {@code [768,64]}, shortened where there are absurdly many. */
  static String sizes(List<Long> sizes) {
    String shown = String.join(",", sizes.stream().limit(MOST_SIZES).map(String::valueOf).toList());
    return "[" + shown + (sizes.size() > MOST_SIZES ? ",…" : "") + "]";
  }
}
