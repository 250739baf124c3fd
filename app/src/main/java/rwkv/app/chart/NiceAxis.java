package rwkv.app.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis from and to round numbers.
 *
 * @param from the first tick
 * @param to the last tick
 * @param step from tick to tick
 */
public record NiceAxis(double from, double to, double step) {

  /** The axis that holds {@code least} to {@code most} in about so many steps. */
  public static NiceAxis around(double least, double most, int steps) {
    double span = Math.max(most - least, Math.max(1e-9, 1e-3 * Math.abs(most)));
    double power = Math.pow(10, Math.floor(Math.log10(span / steps)));
    double step = power;
    for (double factor : new double[] {1, 2, 5, 10}) {
      step = factor * power;
      if (span / step <= steps) {
        break;
      }
    }
    double from = Math.floor(least / step + 1e-9) * step;
    double to = Math.ceil(most / step - 1e-9) * step;
    return new NiceAxis(from, Math.max(to, from + step), step);
  }

  /** From the first to the last. */
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    int count = (int) Math.round((to - from) / step);
    for (int i = 0; i <= count; i++) {
      ticks.add(from + i * step);
    }
    return ticks;
  }
}
