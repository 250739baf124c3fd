package rwkv.app.tensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.Numbers;
import rwkv.engine.analysis.Histogram;
import rwkv.engine.analysis.MatrixOverview;
import rwkv.engine.analysis.TensorStatistics;

/** Says in words what is seen of a tensor. */
final class DetailWords {

  private DetailWords() {}

  /** A number and what it is; {@code exact} has all digits. */
  record Figure(String label, String value, String exact) {}

  static List<Figure> figures(TensorEntry entry) {
    List<Figure> figures = new ArrayList<>();
    figures.add(count("numbers", entry.count()));
    TensorStatistics statistics = entry.statistics();
    if (statistics == null) {
      return figures;
    }
    figures.add(number("min", statistics.min()));
    figures.add(number("max", statistics.max()));
    figures.add(number("mean", statistics.mean()));
    figures.add(number("std", statistics.deviation()));
    figures.add(number("furthest, in std", statistics.reach()));
    figures.add(count("zeros", statistics.zeros()));
    figures.add(count("NaN", statistics.nan()));
    figures.add(count("infinite", statistics.infinite()));
    return figures;
  }

  private static Figure count(String label, long n) {
    return new Figure(label, Numbers.count(n), String.valueOf(n));
  }

  private static Figure number(String label, double x) {
    boolean isKnown = !Double.isNaN(x);
    String exact = isKnown ? Double.toString(x) : "–";
    return new Figure(label, isKnown ? Numbers.significant(x, 6) : "–", exact);
  }

  /** The first numbers, as many digits as each has. */
  static String first(double[] numbers, long count) {
    StringBuilder words = new StringBuilder();
    for (double x : numbers) {
      words.append(words.isEmpty() ? "" : "  ").append(Numbers.significant(x, 5));
    }
    return words.append(count > numbers.length ? "  …" : "").toString();
  }

  static String range(TensorStatistics statistics, int range) {
    Histogram histogram = statistics.histogram();
    double share = (double) histogram.count(range) / Math.max(1, statistics.finite());
    if (histogram.from() == histogram.to()) {
      return "all are " + Numbers.significant(histogram.from(), 6);
    }
    return "%s to %s: %s (%s %%)"
        .formatted(
            Numbers.significant(histogram.edge(range), 4),
            Numbers.significant(histogram.edge(range + 1), 4),
            Numbers.count(histogram.count(range)),
            Numbers.significant(100 * share, 3));
  }

  /** What a cell stands for. */
  static String cells(MatrixOverview overview) {
    if (overview.rows() == 0) {
      return "no numbers";
    }
    if (overview.isExact()) {
      return "every number is a cell";
    }
    return "%d × %d cells of up to %s × %s numbers"
        .formatted(
            overview.rows(),
            overview.columns(),
            Numbers.count(Math.ceilDiv(overview.matrixRows(), overview.rows())),
            Numbers.count(Math.ceilDiv(overview.matrixColumns(), overview.columns())));
  }

  static String cell(MatrixOverview overview, int row, int column, float value, boolean isExtreme) {
    String rows = span("row", overview.firstRow(row), overview.firstRow(row + 1));
    String columns = span("column", overview.firstColumn(column), overview.firstColumn(column + 1));
    String what = overview.isExact() ? "" : isExtreme ? "max |x| " : "mean ";
    return "%s, %s: %s%s".formatted(rows, columns, what, Numbers.significant(value, 6));
  }

  private static String span(String word, long from, long end) {
    return end - from == 1 ? word + " " + from : "%ss %d–%d".formatted(word, from, end - 1);
  }

  static String histogramCaption(String model, @Nullable TensorEntry entry, boolean isLogarithmic) {
    TensorStatistics statistics = entry == null ? null : entry.statistics();
    if (entry == null || statistics == null) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%s: %d ranges of equal width from %s to %s; %s numbers, mean %s, standard deviation %s;"
            + " counts %s.",
        tensor(model, entry),
        statistics.histogram().size(),
        statistics.min(),
        statistics.max(),
        Numbers.count(statistics.finite()),
        statistics.mean(),
        statistics.deviation(),
        isLogarithmic ? "logarithmic, as log(1 + n)" : "linear");
  }

  static String matrixCaption(
      String model,
      @Nullable TensorEntry entry,
      @Nullable MatrixOverview overview,
      boolean isExtreme,
      double limit) {
    if (entry == null || overview == null) {
      return "";
    }
    String what = isExtreme ? "the number of largest |x|" : "the mean";
    return "%s as a matrix of %s × %s: %s; colours from -%s to %s."
        .formatted(
            tensor(model, entry),
            Numbers.count(overview.matrixRows()),
            Numbers.count(overview.matrixColumns()),
            overview.isExact() ? cells(overview) : cells(overview) + ", each " + what,
            Numbers.shortest(limit),
            Numbers.shortest(limit));
  }

  private static String tensor(String model, TensorEntry entry) {
    return "%s, tensor %s (%s %s)".formatted(model, entry.shownName(), entry.type(), entry.shape());
  }
}
