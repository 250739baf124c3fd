package rwkv.engine.setting;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Something that may be chosen: a whole number, a number, a list of either, or a text.
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

  /** A whole number. */
  public static Setting whole(String name, int standard, int least, int most, String meaning) {
    return new Setting(name, standard, least, most, List.of(), meaning);
  }

  /** A number. */
  public static Setting real(
      String name, double standard, double least, double most, String meaning) {
    return new Setting(name, standard, least, most, List.of(), meaning);
  }

  /** A list of whole numbers, at least one. */
  public static Setting wholes(
      String name, List<Integer> standard, int least, int most, String meaning) {
    return new Setting(name, standard, least, most, List.of(), meaning);
  }

  /** A list of numbers, at least one. */
  public static Setting reals(
      String name, List<Double> standard, double least, double most, String meaning) {
    return new Setting(name, List.copyOf(standard), least, most, List.of(), meaning);
  }

  /**
   * A text.
   *
   * @param choices the only ones; empty if any will do
   */
  public static Setting text(String name, String standard, List<String> choices, String meaning) {
    return new Setting(name, standard, 0, 0, choices, meaning);
  }

  /**
   * A value as the standard's kind, where it is one that can be chosen.
   *
   * @param owner whose setting it is, for messages, as in {@code task parity}
   * @throws IllegalArgumentException in one sentence, if it cannot be chosen
   */
  public Object checked(String owner, Object value) {
    return switch (standard) {
      case Integer _ -> whole(owner, value);
      case Double _ -> real(owner, value);
      case List<?> _ -> list(owner, value);
      default -> text(owner, value);
    };
  }

  private int whole(String owner, Object value) {
    if (value instanceof Number number && isWhole(number) && inRange(number.doubleValue())) {
      return number.intValue();
    }
    throw refused(owner, value);
  }

  private double real(String owner, Object value) {
    if (value instanceof Number number && inRange(number.doubleValue())) {
      return number.doubleValue();
    }
    throw refused(owner, value);
  }

  private List<?> list(String owner, Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > LONGEST_LIST) {
      throw refused(owner, value);
    }
    List<Number> numbers = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Number number) || !inRange(number.doubleValue())) {
        throw refused(owner, value);
      }
      if (isOfReals()) {
        numbers.add(number.doubleValue());
      } else if (isWhole(number)) {
        numbers.add(number.intValue());
      } else {
        throw refused(owner, value);
      }
    }
    return List.copyOf(numbers);
  }

  /** Whether it is a list of numbers that need not be whole. */
  public boolean isOfReals() {
    return standard instanceof List<?> list && list.getFirst() instanceof Double;
  }

  /**
   * A value as somebody types it: numbers of a list with commas between them.
   *
   * @param owner whose setting it is, for messages
   * @throws IllegalArgumentException in one sentence, if it cannot be chosen
   */
  public Object parse(String owner, String typed) {
    try {
      return switch (standard) {
        case Integer _ -> checked(owner, Double.valueOf(typed.strip()));
        case Double _ -> checked(owner, Double.valueOf(typed.strip()));
        case List<?> _ ->
            checked(
                owner,
                Arrays.stream(typed.split(",")).map(String::strip).map(Double::valueOf).toList());
        default -> checked(owner, typed);
      };
    } catch (NumberFormatException e) {
      throw refused(owner, typed);
    }
  }

  private String text(String owner, Object value) {
    if (value instanceof String text && (choices.isEmpty() || choices.contains(text))) {
      return text;
    }
    throw refused(owner, value);
  }

  private static boolean isWhole(Number number) {
    return number.doubleValue() == Math.rint(number.doubleValue());
  }

  private boolean inRange(double number) {
    return number >= least && number <= most;
  }

  private IllegalArgumentException refused(String owner, Object value) {
    String found = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return new IllegalArgumentException(
        "%s of %s is %s, expected %s".formatted(name, owner, found, expected()));
  }

  /** What may be chosen, in words. */
  public String expected() {
    String range = plain(least) + " to " + plain(most);
    return switch (standard) {
      case Integer _ -> "a whole number from " + range;
      case Double _ -> "a number from " + range;
      case List<?> _ -> "a list of " + (isOfReals() ? "" : "whole ") + "numbers from " + range;
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
