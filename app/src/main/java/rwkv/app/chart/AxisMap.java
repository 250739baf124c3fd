package rwkv.app.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Where numbers lie along an axis.
 *
 * @param from the number at {@code start}; above 0 if logarithmic
 * @param to the number at {@code end}
 * @param logarithmic whether equal ratios, rather than differences, are equally long
 * @param start coordinate of {@code from}
 * @param end coordinate of {@code to}; may be below {@code start}
 */
public record AxisMap(double from, double to, boolean logarithmic, double start, double end) {

  /** Coordinate of a number; beyond the ends for numbers beyond them. */
  public double at(double number) {
    double share =
        logarithmic
            ? Math.log(Math.max(number, 1e-300) / from) / Math.log(to / from)
            : (number - from) / (to - from);
    return start + share * (end - start);
  }

  /** The number at a coordinate. */
  public double numberAt(double coordinate) {
    double share = (coordinate - start) / (end - start);
    return logarithmic ? from * Math.pow(to / from, share) : from + share * (to - from);
  }

  /** Whether a coordinate is between the ends. */
  public boolean contains(double coordinate) {
    return coordinate >= Math.min(start, end) && coordinate <= Math.max(start, end);
  }

  /** Powers of ten within, for a logarithmic axis. */
  public List<Double> decades() {
    List<Double> decades = new ArrayList<>();
    int last = (int) Math.floor(Math.log10(to) + 1e-9);
    for (int power = (int) Math.ceil(Math.log10(from) - 1e-9); power <= last; power++) {
      decades.add(Math.pow(10, power));
    }
    return decades;
  }
}
