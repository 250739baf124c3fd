package rwkv.app.cli;

import java.io.PrintStream;
import java.util.Locale;

/** Names and values in two columns, for a person. Numbers look the same in every country. */
record Lines(PrintStream out) {

  void add(String name, String format, Object... values) {
    out.printf(Locale.ROOT, "%-20s%s%n", name, String.format(Locale.ROOT, format, values));
  }
}
