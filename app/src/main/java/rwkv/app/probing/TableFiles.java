package rwkv.app.probing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import rwkv.plugin.TableColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tables of a run, a file for each. */
final class TableFiles {

  private static final Pattern PLAIN = Pattern.compile("[a-z0-9]+([-.][a-z0-9]+)*\\.csv");
  private static final long LARGEST = 256 << 20;

  private TableFiles() {}

  /** Writes the files into a folder, and what they hold into {@code list}. */
  static void write(List<Table> tables, Path folder, ArrayNode list) throws IOException {
    Set<String> taken = new HashSet<>();
    for (Table table : tables) {
      String file = FileNames.of(table.name(), taken) + ".csv";
      Files.writeString(folder.resolve(file), CsvTable.text(table));
      ObjectNode json = list.addObject();
      json.put("name", table.name()).put("file", file).put("rows", table.rowCount());
      ArrayNode columns = json.putArray("columns");
      for (Column<?> column : table.columns()) {
        columns.addObject().put("name", column.name()).put("kind", kind(column));
      }
    }
  }

  private static String kind(Column<?> column) {
    return word(
        switch (column) {
          case LongColumn _ -> TableColumn.Kind.WHOLE;
          case DoubleColumn _ -> TableColumn.Kind.REAL;
          default -> TableColumn.Kind.TEXT;
        });
  }

  private static String word(TableColumn.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the files.
   *
   * @throws IOException in a sentence, if one of them cannot be read or is another than was written
   */
  static List<Table> read(List<JsonFields> list, Path folder) throws IOException {
    List<Table> tables = new ArrayList<>();
    for (JsonFields json : list) {
      tables.add(read(json, folder));
    }
    return tables;
  }

  private static Table read(JsonFields json, Path folder) throws IOException {
    String name = json.text("file");
    if (!PLAIN.matcher(name).matches()) {
      throw new IOException(json.where() + ": '" + name + "' is no name of a table's file");
    }
    Path file = folder.resolve(name);
    if (Files.size(file) > LARGEST) {
      throw new IOException(
          "%s: it is larger than the %d MB that a table may have".formatted(file, LARGEST >> 20));
    }
    Table table = Table.create(json.text("name"));
    Set<String> names = new HashSet<>();
    for (JsonFields column : json.objects("columns")) {
      if (!names.add(column.text("name").toLowerCase(Locale.ROOT))) {
        throw new IOException(column.where() + ": there are two of that name");
      }
      table.addColumns(column(column));
    }
    CsvTable.read(Files.readString(file), table, file.toString());
    if (table.rowCount() != json.count("rows")) {
      throw new IOException(
          "%s: it has %d rows, expected %d".formatted(file, table.rowCount(), json.count("rows")));
    }
    return table;
  }

  private static Column<?> column(JsonFields json) throws IOException {
    String name = json.text("name");
    return switch (json.text("kind")) {
      case "text" -> StringColumn.create(name);
      case "whole" -> LongColumn.create(name);
      case "real" -> DoubleColumn.create(name);
      default -> throw new IOException(json.where() + ": there is no such kind of column");
    };
  }
}
