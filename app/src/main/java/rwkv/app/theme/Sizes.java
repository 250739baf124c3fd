package rwkv.app.theme;

import java.util.Locale;

/** Numbers as a person reads them, the same everywhere. */
public final class Sizes {

  private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB", "PB"};
  private static final String[] COUNTS = {"", "k", "M", "B", "T"};

  private Sizes() {}

  /** Bytes in decimal units with three digits, as in "98.3 kB". */
  public static String bytes(long bytes) {
    return scaled(bytes, BYTES);
  }

  /** A count with two or three digits, as in "1.02 M". */
  public static String count(long count) {
    return scaled(count, COUNTS).stripTrailing();
  }

  /** All digits, in groups, as in "1 024 000" with narrow gaps. */
  public static String exact(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', '\u202F');
  }

  /** A speed, as in "212" or "3.4". */
  public static String speed(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f" : "%.0f", perSecond);
  }

  /** A probability, as in "93.1 %" or "0.0042 %". */
  public static String percent(double probability) {
    double percent = probability * 100;
    if (Double.isNaN(percent)) {
      return "–";
    }
    if (percent >= 99.995) {
      return "100 %";
    }
    if (percent > 0 && percent < 0.0001) {
      return "< 0.0001 %";
    }
    String format = percent >= 10 ? "%.1f %%" : percent >= 0.01 ? "%.2f %%" : "%.4f %%";
    return String.format(Locale.ROOT, format, percent);
  }

  private static String scaled(long amount, String[] units) {
    double value = amount;
    int unit = 0;
    while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    String digits = unit == 0 || value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, digits + " %s", value, units[unit]);
  }
}
