package rwkv.app.probing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Tables as comma-separated values (RFC 4180), every number with all its digits, so that what is
 * read is to the bit what was written. A number that is missing is an empty cell.
 */
final class CsvTable {

  private CsvTable() {}

  /** A line of names, then a line for each row. */
  static String text(Table table) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < table.columnCount(); c++) {
      text.append(c == 0 ? "" : ",").append(quoted(table.column(c).name()));
    }
    text.append('\n');
    for (int row = 0; row < table.rowCount(); row++) {
      for (int c = 0; c < table.columnCount(); c++) {
        text.append(c == 0 ? "" : ",").append(cell(table.column(c), row));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String cell(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    return switch (column) {
      case LongColumn wholes -> Long.toString(wholes.getLong(row));
      case DoubleColumn reals -> Double.toString(reals.getDouble(row));
      default -> quoted(column.getString(row));
    };
  }

  private static String quoted(String text) {
    boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /**
   * Fills a table.
   *
   * @param table with columns of the names that the first line has, and no rows
   * @param where for messages
   * @throws IOException in a sentence, if the text is no such table
   */
  static void read(String text, Table table, String where) throws IOException {
    CsvCells cells = new CsvCells(text, where);
    List<String> row = cells.row();
    if (!row.equals(table.columnNames())) {
      throw new IOException(
          "%s: its columns are %s, expected %s".formatted(where, row, table.columnNames()));
    }
    while (!cells.isAtEnd()) {
      row = cells.row();
      if (row.size() != table.columnCount()) {
        throw new IOException(
            "%s: row %d has %d cells, expected %d"
                .formatted(where, table.rowCount() + 1, row.size(), table.columnCount()));
      }
      for (int c = 0; c < row.size(); c++) {
        append(table.column(c), row.get(c), where);
      }
    }
  }

  private static void append(Column<?> column, String cell, String where) throws IOException {
    try {
      switch (column) {
        case StringColumn texts -> texts.append(cell);
        case LongColumn wholes when !cell.isEmpty() -> wholes.append(Long.parseLong(cell));
        case DoubleColumn reals when !cell.isEmpty() -> reals.append(Double.parseDouble(cell));
        default -> column.appendMissing();
      }
    } catch (NumberFormatException e) {
      throw new IOException(
          "%s: '%s' in column %s is no number".formatted(where, cell, column.name()), e);
    }
  }

  /** Takes a text apart. */
  private static final class CsvCells {
    private final String text;
    private final String where;
    private int at;

    CsvCells(String text, String where) {
      this.text = text;
      this.where = where;
    }

    boolean isAtEnd() {
      return at == text.length();
    }

    List<String> row() throws IOException {
      List<String> row = new ArrayList<>();
      do {
        row.add(!isAtEnd() && text.charAt(at) == '"' ? quotedCell() : plainCell());
      } while (!isAtEnd() && text.charAt(at++) == ',');
      return row;
    }

    private String plainCell() {
      int from = at;
      while (!isAtEnd() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
        at++;
      }
      int to = at > from && text.charAt(at - 1) == '\r' ? at - 1 : at;
      return text.substring(from, to);
    }

    private String quotedCell() throws IOException {
      StringBuilder cell = new StringBuilder();
      while (true) {
        int end = text.indexOf('"', at + 1);
        if (end < 0) {
          throw new IOException(where + ": a quotation mark is missing");
        }
        cell.append(text, at + 1, end);
        at = end + 1;
        if (isAtEnd() || text.charAt(at) != '"') {
          break;
        }
        cell.append('"');
      }
      if (!isAtEnd() && text.charAt(at) == '\r') {
        at++;
      }
      if (!isAtEnd() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
        throw new IOException(where + ": a cell goes on after its quotation mark");
      }
      return cell.toString();
    }
  }
}
