package rwkv.engine.naming;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How tensors of some name become official ones.
 *
 * @param from the whole of the file's name
 * @param to official names, with {@code $1} for what the first group matched: one; several for a
 *     tensor whose outermost slices are theirs, in this order; none for one that no model uses
 * @param swapped whether the last two axes are swapped
 * @param form what was done to the numbers
 */
record Rule(Pattern from, List<String> to, boolean swapped, Form form) {

  Rule {
    to = List.copyOf(to);
  }

  static Rule of(String from, String... to) {
    return new Rule(Pattern.compile(from), List.of(to), false, Form.OFFICIAL);
  }

  static Rule swapped(String from, String to) {
    return new Rule(Pattern.compile(from), List.of(to), true, Form.OFFICIAL);
  }

  static Rule formed(String from, Form form, String to) {
    return new Rule(Pattern.compile(from), List.of(to), false, form);
  }
}
