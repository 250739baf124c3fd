package rwkv.app.chart;

import java.util.Locale;

/**
 * Numbers as people read them. A plain hyphen is the minus, so that what is copied can be read in.
 */
public final class Numbers {

  private Numbers() {}

  /** With so many significant digits, as in 0.0312 or 1.25e-07. */
  public static String significant(double x, int digits) {
    if (x == 0) {
      return "0";
    }
    if (Double.isNaN(x)) {
      return "NaN";
    }
    if (Double.isInfinite(x)) {
      return x > 0 ? "∞" : "-∞";
    }
    String exact = String.format(Locale.ROOT, "%." + (digits - 1) + "e", x);
    int exponent = Integer.parseInt(exact.substring(exact.indexOf('e') + 1));
    if (exponent < -4 || exponent >= Math.max(digits, 6)) {
      return exact;
    }
    return String.format(Locale.ROOT, "%." + Math.max(0, digits - 1 - exponent) + "f", x);
  }

  /** As short as can be: the shortest that reads as 0.05, 2, 1e-05. */
  public static String shortest(double x) {
    String text = significant(x, 3);
    int e = text.indexOf('e');
    String mantissa = e < 0 ? text : text.substring(0, e);
    if (mantissa.indexOf('.') >= 0) {
      mantissa = mantissa.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return e < 0 ? mantissa : mantissa + text.substring(e);
  }

  /** A number of tokens: 1.14, 12.3, 123, 1 234, 12 345, 1.2e+06, ∞. */
  public static String tokens(double n) {
    if (n >= 1e6 || n < 100 || Double.isNaN(n)) {
      return n >= 1e6 ? significant(n, 2) : significant(n, 3);
    }
    return String.format(Locale.ROOT, "%,d", Math.round(n)).replace(',', '\u2009');
  }

  /** A whole number with its thousands set apart by thin spaces. */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n).replace(',', '\u2009');
  }
}
