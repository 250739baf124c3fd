package rwkv.app.chartfile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/**
 * The categories of a column: texts in the order of the rows, numbers rising.
 *
 * @param names no two alike
 * @param ofRow the category of each row
 */
record Categories(List<String> names, int[] ofRow) {

  static Categories of(Column<?> column) {
    List<Integer> rows =
        IntStream.range(0, column.size())
            .boxed()
            .sorted((a, b) -> column instanceof NumericColumn<?> ? compare(column, a, b) : 0)
            .toList();
    Map<String, Integer> byKey = new HashMap<>();
    List<String> names = new ArrayList<>();
    int[] ofRow = new int[column.size()];
    for (int row : rows) {
      String key = column.getString(row);
      Integer known = byKey.get(key);
      if (known == null) {
        known = names.size();
        byKey.put(key, known);
        String name = SeriesOf.text(column, row);
        names.add(names.contains(name) ? key : name);
      }
      ofRow[row] = known;
    }
    return new Categories(names, ofRow);
  }

  private static int compare(Column<?> column, int a, int b) {
    return Double.compare(SeriesOf.number(column, a), SeriesOf.number(column, b));
  }
}
