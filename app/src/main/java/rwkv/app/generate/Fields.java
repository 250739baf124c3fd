package rwkv.app.generate;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes fields of the usual kinds. */
public final class Fields {

  private Fields() {}

  /** A number within bounds. */
  public static Field<Double> number(
      String label, String help, double initial, double least, double most) {
    return new Field<>(label, help, initial, text(initial), typed -> parse(typed, least, most));
  }

  /** A whole number within bounds. */
  public static Field<Long> whole(String label, String help, long initial, long least, long most) {
    return new Field<>(
        label, help, initial, Long.toString(initial), typed -> parseWhole(typed, least, most));
  }

  /** Any text. */
  public static Field<String> words(String label, String help, String initial) {
    return new Field<>(label, help, initial, initial, typed -> typed);
  }

  /** Whole numbers within bounds, with commas or gaps between them; at least one. */
  public static Field<List<Integer>> wholes(
      String label, String help, List<Integer> initial, int least, int most) {
    String text = initial.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return new Field<>(label, help, initial, text, typed -> parseWholes(typed, least, most));
  }

  /** Numbers within bounds, with commas or gaps between them; at least one. */
  public static Field<List<Double>> reals(
      String label, String help, List<Double> initial, double least, double most) {
    String text = initial.stream().map(Fields::text).collect(Collectors.joining(", "));
    return new Field<>(label, help, initial, text, typed -> parseReals(typed, least, most));
  }

  private static List<Double> parseReals(String typed, double least, double most) {
    return parts(typed).map(number -> parse(number, least, most)).toList();
  }

  /** What stands between commas and gaps. */
  private static Stream<String> parts(String typed) {
    if (typed.isEmpty()) {
      throw new IllegalArgumentException("at least one number");
    }
    return Arrays.stream(typed.split("[,\\s]+"));
  }

  private static List<Integer> parseWholes(String typed, int least, int most) {
    return parts(typed).map(number -> parseWhole(number, least, most).intValue()).toList();
  }

  /** Token ids, at first none. */
  static Field<Set<Integer>> ids(String label, String help) {
    return new Field<>(label, help, Set.of(), "", Fields::parseIds);
  }

  private static Set<Integer> parseIds(String typed) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String id : typed.split("[,\\s]+")) {
      if (!id.isEmpty()) {
        ids.add(parseWhole(id, 0, Integer.MAX_VALUE).intValue());
      }
    }
    return ids;
  }

  /** The shortest way to write a number. */
  public static String text(double number) {
    return number == 0 ? "0" : BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private static Double parse(String typed, double least, double most) {
    double number;
    try {
      number = Double.parseDouble(typed.replace(',', '.'));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number, please");
    }
    if (!(number >= least && number <= most)) {
      throw new IllegalArgumentException("from " + text(least) + " to " + text(most));
    }
    return number;
  }

  private static Long parseWhole(String typed, long least, long most) {
    long number;
    try {
      number = Long.parseLong(typed);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number, please");
    }
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          most >= Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most);
    }
    return number;
  }
}
