package rwkv.app.chart;

import java.io.StringWriter;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvWriteOptions;

/** Tables as comma-separated values after lines that say what they are. */
public final class Csv {

  private Csv() {}

  /** The caption, every line of it after {@code # }, then a line of names, then the numbers. */
  public static String text(Table table, String caption) {
    StringWriter text = new StringWriter();
    caption.lines().forEach(line -> text.append("# ").append(line).append('\n'));
    table.write().usingOptions(CsvWriteOptions.builder(text).lineEnd("\n").build());
    return text.toString();
  }
}
