package rwkv.app.probe;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/** What stands in the cells of a table. */
final class Cells {

  private Cells() {}

  /** As a number; NaN if there is none. */
  static double number(Column<?> column, int row) {
    if (column.isMissing(row) || !(column instanceof NumericColumn<?> numbers)) {
      return Double.NaN;
    }
    return numbers.getDouble(row);
  }

  /** In words, with every digit; empty if there is nothing. */
  static String text(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    return switch (column) {
      case LongColumn wholes -> Long.toString(wholes.getLong(row));
      case NumericColumn<?> numbers -> exact(numbers.getDouble(row));
      default -> column.getString(row);
    };
  }

  /** A number with every digit that tells it from its neighbours. */
  static String exact(double number) {
    String text = Double.toString(number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** What there is in several columns, each once: numbers rising, texts as they come. */
  static List<String> categories(List<? extends Column<?>> columns, boolean rising) {
    boolean numeric = rising && columns.stream().allMatch(NumericColumn.class::isInstance);
    if (numeric) {
      return columns.stream()
          .flatMap(column -> IntStream.range(0, column.size()).mapToObj(r -> new Place(column, r)))
          .filter(place -> !place.column.isMissing(place.row))
          .sorted(Comparator.comparingDouble(place -> number(place.column, place.row)))
          .map(place -> text(place.column, place.row))
          .distinct()
          .toList();
    }
    return columns.stream()
        .flatMap(column -> IntStream.range(0, column.size()).mapToObj(r -> text(column, r)))
        .distinct()
        .toList();
  }

  private record Place(Column<?> column, int row) {}
}
