package rwkv.app.tensors;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Picks tensors by name, in upper or lower case. */
public final class TensorFilter {

  private TensorFilter() {}

  /**
   * Tensors whose name has every one of the words in it, in any order, as in "3.att key". A word
   * that is a type, as in "bf16", picks by type too.
   *
   * @param text words with blanks between them; without words everything is picked
   */
  public static Predicate<TensorEntry> words(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    List<String> words = lower.isEmpty() ? List.of() : List.of(lower.split("\\s+"));
    return entry -> {
      String name = entry.name().toLowerCase(Locale.ROOT);
      return words.stream().allMatch(word -> name.contains(word) || entry.type().equals(word));
    };
  }

  /**
   * Tensors with something in their name that a regular expression matches.
   *
   * @throws IllegalArgumentException if it is none; the message is one sentence
   */
  public static Predicate<TensorEntry> expression(String text) {
    try {
      Pattern pattern = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
      return entry -> pattern.matcher(entry.name()).find();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is no regular expression: %s".formatted(text, e.getDescription()), e);
    }
  }
}
