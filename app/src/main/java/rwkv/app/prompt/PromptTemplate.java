package rwkv.app.prompt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How turns are written for a model, exactly as it was trained. A pattern holds {@code {text}},
 * {@code {input}} and {@code {system}} where those go.
 *
 * <p>A state that ends with an answer holds neither the sequence that ended it nor an end of text,
 * so that a later turn always begins with {@link Form#between}. No prompt ends with a space: the
 * model's own token begins with it.
 *
 * @param id for a command line
 * @param title for a menu
 * @param about when to use it, in a sentence
 * @param form how turns are written
 * @param stops texts that end an answer, none of them part of it
 * @param stopTokens tokens that end an answer, none of them part of it
 * @param cleaning what is done to a person's text
 */
public record PromptTemplate(
    String id,
    String title,
    String about,
    Form form,
    List<String> stops,
    Set<Integer> stopTokens,
    Cleaning cleaning) {

  private static final Pattern PLACE = Pattern.compile("\\{(text|input|system)}");
  private static final Pattern BLANK_LINE = Pattern.compile("\n[ \t]*\n");

  public PromptTemplate {
    stops = List.copyOf(stops);
    stopTokens = Set.copyOf(stopTokens);
  }

  /**
   * The patterns.
   *
   * @param user who asks, as the model was told
   * @param model who answers
   * @param lead before the first turn
   * @param system before the first turn where there is a system text; empty if there is no place
   * @param turn what is asked, up to where the answer goes on
   * @param turnWithInput the same for a text with an input; empty where there is none
   * @param opening the beginning of the answer that every turn ends with, as in {@code " <think"}
   * @param between between an answer and the next turn
   */
  public record Form(
      String user,
      String model,
      String lead,
      String system,
      String turn,
      String turnWithInput,
      String opening,
      String between) {}

  /** What is done to a person's text. */
  public enum Cleaning {
    /** Nothing. */
    NONE,
    /**
     * CR LF becomes LF, line feeds in a row become one, and blanks at both ends go: an empty line
     * ends a turn.
     */
    TURN
  }

  /** Whether text is read as it stands. */
  public boolean isPlain() {
    return cleaning == Cleaning.NONE;
  }

  /** Whether there is a place for a system text. */
  public boolean hasSystem() {
    return !form.system().isEmpty();
  }

  /** Whether what follows the first empty line of a text is its input. */
  public boolean hasInput() {
    return !form.turnWithInput().isEmpty();
  }

  /**
   * The first turn of a text.
   *
   * @param text of a person
   * @param system what comes before it; blank for nothing
   * @throws IllegalArgumentException if there is a system text and no place for it
   */
  public String first(String text, String system) {
    if (system.isBlank()) {
      return form.lead() + turn(text);
    }
    if (!hasSystem()) {
      throw new IllegalArgumentException(
          "the template " + id + " (" + title + ") has no place for a system text");
    }
    return form.lead() + fill(form.system(), Map.of("system", clean(system))) + turn(text);
  }

  /**
   * A turn that follows others.
   *
   * @param before the text so far, or its end: of what separates turns, what it ends with already
   *     is not written again
   */
  public String later(String text, String before) {
    String between = form.between();
    int there = between.length();
    while (!before.endsWith(between.substring(0, there))) {
      there--;
    }
    return between.substring(there) + turn(text);
  }

  /** Text as a turn can hold it. */
  public String clean(String text) {
    return cleaning == Cleaning.NONE
        ? text
        : text.replace("\r\n", "\n").replaceAll("\n{2,}", "\n").strip();
  }

  private String turn(String text) {
    if (hasInput()) {
      String[] parts = BLANK_LINE.split(text.replace("\r\n", "\n").strip(), 2);
      String input = parts.length < 2 ? "" : clean(parts[1]);
      if (!input.isEmpty()) {
        return fill(form.turnWithInput(), Map.of("text", clean(parts[0]), "input", input));
      }
    }
    return fill(form.turn(), Map.of("text", clean(text)));
  }

  /** In one pass, so that a text may hold braces. */
  private static String fill(String pattern, Map<String, String> values) {
    return PLACE
        .matcher(pattern)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
  }

  @Override
  public String toString() {
    return title;
  }
}
