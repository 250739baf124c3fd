package rwkv.engine.train.run;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names with numbers in them in the order of these: length 4 before length 16. */
final class NaturalNames {

  static final Comparator<String> ORDER = Comparator.comparing(NaturalNames::padded);

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private NaturalNames() {}

  private static String padded(String name) {
    // "over 40" comes after "21 to 40".
    Matcher matcher = NUMBER.matcher(name.replace("over ", "~"));
    return matcher.replaceAll(found -> "%012d".formatted(Long.parseLong(found.group())));
  }
}
