package rwkv.app.probe;

import java.util.ArrayList;
import java.util.List;
import rwkv.app.chart.AxisMap;
import rwkv.app.chart.NiceAxis;

/**
 * An axis for some numbers, with its ticks.
 *
 * @param from the number at its beginning
 * @param to the number at its end
 */
record PlotAxis(double from, double to, boolean logarithmic, List<Double> ticks) {

  private static final int MOST_DECADES = 9;

  /**
   * The axis that holds {@code least} to {@code most}; 0 to 1, or 1 to 10, if there are none.
   *
   * @param steps about so many
   */
  static PlotAxis around(double least, double most, boolean logarithmic, int steps) {
    if (logarithmic) {
      return least > 0 && least <= most ? decades(least, most) : decades(1, 10);
    }
    NiceAxis axis =
        least <= most ? NiceAxis.around(least, most, steps) : NiceAxis.around(0, 1, steps);
    return new PlotAxis(axis.from(), axis.to(), false, axis.ticks());
  }

  /** From and to a 1, 2 or 5 of some decade; decades have ticks, and what lies between if few. */
  private static PlotAxis decades(double least, double most) {
    double from = round(least, true);
    double to = round(most, false);
    if (to <= from * 1.0001) {
      to = round(from * 1.9, false);
      from = round(from / 1.9, true);
    }
    double span = Math.log10(to / from);
    int stride = (int) Math.max(1, Math.ceil(span / MOST_DECADES));
    List<Double> ticks = new ArrayList<>();
    int last = (int) Math.ceil(Math.log10(to));
    for (int power = (int) Math.floor(Math.log10(from)); power <= last; power++) {
      for (int digit : span < 2.5 ? new int[] {1, 2, 5} : new int[] {1}) {
        double tick = digit * Math.pow(10, power);
        boolean within = tick >= from * 0.9999 && tick <= to * 1.0001;
        if (within && Math.floorMod(power, stride) == 0) {
          ticks.add(tick);
        }
      }
    }
    return new PlotAxis(from, to, true, ticks);
  }

  private static double round(double number, boolean down) {
    double power = Math.pow(10, Math.floor(Math.log10(number) + 1e-9));
    double digit = number / power;
    double[] digits = {1, 2, 5, 10};
    double found = down ? 1 : 10;
    for (double each : digits) {
      if (down && each <= digit + 1e-9) {
        found = each;
      }
    }
    for (int i = digits.length - 1; i >= 0 && !down; i--) {
      if (digits[i] >= digit - 1e-9) {
        found = digits[i];
      }
    }
    return found * power;
  }

  /** Its numbers between two coordinates. */
  AxisMap map(double start, double end) {
    return new AxisMap(from, to, logarithmic, start, end);
  }
}
