package rwkv.app.tensors;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.Numbers;
import rwkv.app.theme.Sizes;
import rwkv.engine.analysis.TensorStatistics;

/** What the list of tensors says about each: how it is written, and what it is ordered by. */
public enum TensorColumn {
  NAME("name", "As the file calls it; ordered with numbers as numbers."),
  SHAPE("shape", "Outermost dimension first; ordered by how many numbers there are."),
  TYPE("type", "How each number is stored."),
  BYTES("bytes", "As it is stored, in decimal units."),
  MIN("min", "The smallest finite number."),
  MAX("max", "The largest finite number."),
  MEAN("mean", "Mean of the finite numbers."),
  DEVIATION("std", "Standard deviation of the finite numbers, √(Σ (x − mean)² / n)."),
  HISTOGRAM(
      "histogram",
      "From min to max; height: numbers in the range, beside the fullest; the line is zero.\n"
          + "Ordered by how far the furthest number is from the mean, in standard deviations.");

  private static final Comparator<String> NATURAL = new NaturalOrder();

  private final String title;
  private final String meaning;

  TensorColumn(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /** The columns that can be written in words. */
  public static List<TensorColumn> inWords() {
    return Arrays.stream(values()).filter(column -> column != HISTOGRAM).toList();
  }

  public String title() {
    return title;
  }

  /** What it says and what it is ordered by, in a sentence or two. */
  String meaning() {
    return meaning;
  }

  /** Whether it holds numbers, which stand right. */
  public boolean isNumeric() {
    return ordinal() >= BYTES.ordinal() && this != HISTOGRAM;
  }

  /** Whether it comes of the numbers of the tensor. */
  public boolean isStatistic() {
    return ordinal() >= MIN.ordinal();
  }

  /** In short, for the list; empty where nothing is known. */
  public String text(TensorEntry entry) {
    return switch (this) {
      case NAME -> entry.shownName();
      case SHAPE -> entry.sizes();
      case TYPE -> entry.type();
      case BYTES -> Sizes.bytes(entry.bytes());
      default -> statistic(entry, 3);
    };
  }

  /** With all digits, to go on with. */
  String exact(TensorEntry entry) {
    return switch (this) {
      case NAME, TYPE -> text(entry);
      case SHAPE -> entry.shape().toString();
      case BYTES -> String.valueOf(entry.bytes());
      default -> statistic(entry, 17);
    };
  }

  private String statistic(TensorEntry entry, int digits) {
    TensorStatistics statistics = entry.statistics();
    if (statistics == null || this == HISTOGRAM) {
      return entry.problem().isEmpty() || this == HISTOGRAM ? "" : "?";
    }
    double x = number(statistics);
    if (Double.isNaN(x)) {
      return "–";
    }
    return digits < 17 ? Numbers.significant(x, digits) : Double.toString(x);
  }

  /** The order of this column. What is not known comes last in either direction. */
  public Comparator<TensorEntry> order(boolean isAscending) {
    Comparator<TensorEntry> order =
        switch (this) {
          case NAME -> Comparator.comparing(TensorEntry::name, NATURAL);
          case SHAPE ->
              Comparator.comparingLong(TensorEntry::count)
                  .thenComparing(TensorEntry::sizes, NATURAL);
          case TYPE -> Comparator.comparing(TensorEntry::type);
          case BYTES -> Comparator.comparingLong(TensorEntry::bytes);
          default -> Comparator.comparingDouble(entry -> number(entry.statistics()));
        };
    Comparator<TensorEntry> directed = isAscending ? order : order.reversed();
    Comparator<TensorEntry> known = Comparator.comparing(entry -> !isKnown(entry));
    return known.thenComparing(directed);
  }

  private boolean isKnown(TensorEntry entry) {
    return !isStatistic() || !Double.isNaN(number(entry.statistics()));
  }

  private double number(@Nullable TensorStatistics statistics) {
    if (statistics == null) {
      return Double.NaN;
    }
    return switch (this) {
      case MIN -> statistics.min();
      case MAX -> statistics.max();
      case MEAN -> statistics.mean();
      case DEVIATION -> statistics.deviation();
      case HISTOGRAM -> statistics.reach();
      default -> Double.NaN;
    };
  }
}
