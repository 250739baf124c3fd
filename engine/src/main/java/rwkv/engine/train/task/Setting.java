package rwkv.engine.train.task;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Something that may be chosen about a task.
 *
 * @param name as in {@code pairs}
 * @param standard its value unless another is given
 * @param least of a number, or of each number of a list
 * @param most of a number, or of each number of a list
 * @param choices of a text; empty if any will do
 * @param meaning in words
 */
public record Setting(
    String name, Object standard, double least, double most, List<String> choices, String meaning) {

  private static final int LONGEST_LIST = 100;

  static Setting whole(String name, int standard, int least, int most, String meaning) {
    return new Setting(name, standard, least, most, List.of(), meaning);
  }

  static Setting real(String name, double standard, double least, double most, String meaning) {
    return new Setting(name, standard, least, most, List.of(), meaning);
  }

  static Setting wholes(String name, List<Integer> standard, int least, int most, String meaning) {
    return new Setting(name, standard, least, most, List.of(), meaning);
  }

  static Setting text(String name, String standard, List<String> choices, String meaning) {
    return new Setting(name, standard, 0, 0, choices, meaning);
  }

  /**
   * A value as the standard's kind, where it is one that can be chosen.
   *
   * @param task whose setting it is, for messages
   * @throws IllegalArgumentException in one sentence, if it cannot be chosen
   */
  Object checked(String task, Object value) {
    return switch (standard) {
      case Integer _ -> whole(task, value);
      case Double _ -> real(task, value);
      case List<?> _ -> wholes(task, value);
      default -> text(task, value);
    };
  }

  private int whole(String task, Object value) {
    if (value instanceof Number number && isWhole(number) && inRange(number.doubleValue())) {
      return number.intValue();
    }
    throw refused(task, value);
  }

  private double real(String task, Object value) {
    if (value instanceof Number number && inRange(number.doubleValue())) {
      return number.doubleValue();
    }
    throw refused(task, value);
  }

  private List<Integer> wholes(String task, Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > LONGEST_LIST) {
      throw refused(task, value);
    }
    List<Integer> numbers = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Number number && isWhole(number) && inRange(number.doubleValue()))) {
        throw refused(task, value);
      }
      numbers.add(number.intValue());
    }
    return List.copyOf(numbers);
  }

  private String text(String task, Object value) {
    if (value instanceof String text && (choices.isEmpty() || choices.contains(text))) {
      return text;
    }
    throw refused(task, value);
  }

  private static boolean isWhole(Number number) {
    return number.doubleValue() == Math.rint(number.doubleValue());
  }

  private boolean inRange(double number) {
    return number >= least && number <= most;
  }

  private IllegalArgumentException refused(String task, Object value) {
    String found = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return new IllegalArgumentException(
        "%s of task %s is %s, expected %s".formatted(name, task, found, expected()));
  }

  /** What may be chosen, in words. */
  public String expected() {
    String range = plain(least) + " to " + plain(most);
    return switch (standard) {
      case Integer _ -> "a whole number from " + range;
      case Double _ -> "a number from " + range;
      case List<?> _ -> "a list of whole numbers from " + range;
      default ->
          choices.isEmpty()
              ? "a text"
              : choices.stream().collect(Collectors.joining("' or '", "'", "'"));
    };
  }

  private static String plain(double number) {
    return new BigDecimal(String.format(Locale.ROOT, "%.6f", number))
        .stripTrailingZeros()
        .toPlainString();
  }
}
