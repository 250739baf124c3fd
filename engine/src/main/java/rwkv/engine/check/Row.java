package rwkv.engine.check;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param check what was looked at
 * @param expected what had to be found
 * @param found what was found
 * @param share of a bound that a figure reached, or ""
 */
public record Row(String check, String expected, String found, Outcome outcome, String share) {

  private Row(String check, String expected, String found, Outcome outcome) {
    this(check, expected, found, outcome, "");
  }

  /** A fact or a figure. */
  public static Row noted(String check, String expected, String found) {
    return new Row(check, expected, found, Outcome.NOTED);
  }

  /** A figure beside the bound that it cannot pass. */
  public static Row measured(String check, String bound, String found, double share) {
    String percent = String.format(Locale.ROOT, "%.0f %%", 100 * share);
    return new Row(check, bound, found, Outcome.NOTED, percent);
  }

  /** Something that could not be looked at. */
  public static Row skipped(String check, String expected, String why) {
    return new Row(check, expected, why, Outcome.SKIPPED);
  }

  /** Something that was looked at. */
  public static Row judged(String check, String expected, String found, boolean right) {
    return new Row(check, expected, found, right ? Outcome.PASSED : Outcome.FAILED);
  }

  /** Something that could not be looked at to the end, which it must. */
  public static Row broken(String check, String expected, Throwable problem) {
    String message = problem.getMessage();
    String kind = problem.getClass().getSimpleName();
    return new Row(check, expected, message == null ? kind : kind + ": " + message, Outcome.FAILED);
  }

  /** As a line of a Markdown table, without its end. */
  String markdown() {
    return "| %s | %s | %s | %s |"
        .formatted(
            cell(check), cell(expected), cell(found), share.isEmpty() ? outcome.word() : share);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ").strip();
  }
}
