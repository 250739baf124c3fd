package rwkv.app.probing;

import java.util.Locale;
import java.util.Set;

/** Names of files from names for people. */
public final class FileNames {

  private static final int LONGEST = 80;

  private FileNames() {}

  /**
   * A name of a–z, 0–9 and hyphens.
   *
   * @param taken those that it must not have; it is added
   */
  public static String of(String name, Set<String> taken) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String base = plain.isEmpty() ? "table" : plain.substring(0, Math.min(LONGEST, plain.length()));
    base = base.endsWith("-") ? base.substring(0, base.length() - 1) : base;
    String free = base;
    for (int i = 2; !taken.add(free); i++) {
      free = base + "-" + i;
    }
    return free;
  }
}
