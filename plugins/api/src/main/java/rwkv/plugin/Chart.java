package rwkv.plugin;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A chart, described as data: which columns of which table are drawn how. */
public sealed interface Chart {

  /** What it shows, for a person; no two charts of a result have the same. */
  String title();

  /** The name of the table that it is drawn from. */
  String table();

  /** The columns that it needs. */
  List<String> columns();

  /**
   * An axis, or a scale of colours.
   *
   * @param column of the table
   * @param label in words, with its unit
   * @param logarithmic whether equal steps are equal factors
   */
  record Axis(String column, String label, boolean logarithmic) {
    /** One with equal steps, labelled as the column is called. */
    public static Axis of(String column) {
      return new Axis(column, column, false);
    }

    /** One with equal factors, labelled as the column is called. */
    public static Axis log(String column) {
      return new Axis(column, column, true);
    }
  }

  /** Which numbers a colour scale is for. */
  enum Colors {
    /** From the smallest to the largest. */
    SEQUENTIAL,
    /** Signed, with zero in the middle. */
    DIVERGING
  }

  /**
   * Lines through points, in the order of the rows.
   *
   * @param series a column of texts or whole numbers, with a line for each; null for one line
   */
  record Lines(String title, String table, Axis x, Axis y, @Nullable String series)
      implements Chart {
    @Override
    public List<String> columns() {
      return Chart.columns(series, x, y);
    }
  }

  /**
   * Points.
   *
   * @param series a column of texts or whole numbers, with a colour for each; null for one colour
   */
  record Points(String title, String table, Axis x, Axis y, @Nullable String series)
      implements Chart {
    @Override
    public List<String> columns() {
      return Chart.columns(series, x, y);
    }
  }

  /**
   * A bar for each category, in the order of the rows; bars of several series stand side by side.
   *
   * @param category a column of texts or whole numbers
   * @param series a column of texts or whole numbers, or null
   */
  record Bars(String title, String table, Axis category, Axis value, @Nullable String series)
      implements Chart {
    @Override
    public List<String> columns() {
      return Chart.columns(series, category, value);
    }
  }

  /**
   * A coloured cell for each row, at its place on two axes of categories. Cells without a row stay
   * empty.
   *
   * @param x a column of texts or numbers, in the order of the rows or, for numbers, rising
   * @param y likewise
   * @param value the numbers that are coloured
   */
  record HeatMap(String title, String table, Axis x, Axis y, Axis value, Colors colors)
      implements Chart {
    @Override
    public List<String> columns() {
      return Chart.columns(null, x, y, value);
    }
  }

  private static List<String> columns(@Nullable String series, Axis... axes) {
    return Stream.concat(Stream.of(axes).map(Axis::column), Stream.ofNullable(series)).toList();
  }
}
