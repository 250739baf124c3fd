package rwkv.app.probe;

import java.util.List;
import java.util.stream.DoubleStream;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.ScaleLegend;
import rwkv.app.chart.SequentialMap;
import rwkv.plugin.Chart;

/**
 * Which number has which colour, the same for all maps that are compared.
 *
 * @param least with the first colour; the negative of {@code most} for signed numbers
 * @param most with the last colour
 */
record HeatScale(boolean signed, boolean logarithmic, double least, double most) {

  static HeatScale of(List<HeatData> maps) {
    boolean signed = maps.getFirst().chart().colors() == Chart.Colors.DIVERGING;
    double[] numbers =
        maps.stream().flatMapToDouble(map -> DoubleStream.of(map.numbers())).toArray();
    double least = DoubleStream.of(numbers).min().orElse(0);
    double most = DoubleStream.of(numbers).max().orElse(0);
    double limit = Math.max(Math.abs(least), Math.abs(most));
    boolean logarithmic = maps.getFirst().isLogarithmic() && least > 0;
    return signed
        ? new HeatScale(true, false, -limit, limit)
        : new HeatScale(false, logarithmic, least, most);
  }

  /** Where a number lies, 0 to 1. */
  double place(double number) {
    if (!(most > least)) {
      return 0.5;
    }
    return logarithmic
        ? Math.log(number / least) / Math.log(most / least)
        : (number - least) / (most - least);
  }

  /**
   * Opaque ARGB.
   *
   * @param ground 0xRRGGBB
   */
  int color(double number, DivergingMap diverging, SequentialMap sequential) {
    if (Double.isNaN(number) || logarithmic && number <= 0) {
      return DivergingMap.NOT_A_NUMBER;
    }
    if (signed) {
      return diverging.color((float) number, (float) Math.max(most, Float.MIN_NORMAL));
    }
    return sequential.color(place(number));
  }

  void tell(ScaleLegend legend, int ground) {
    if (signed) {
      legend.signed(new DivergingMap(ground), most);
    } else {
      double middle = logarithmic ? Math.sqrt(least * most) : (least + most) / 2;
      boolean flat = !(most > least);
      legend.sequential(
          SEQUENTIAL,
          flat ? "" : Numbers.shortest(least),
          Numbers.shortest(middle),
          flat ? "" : Numbers.shortest(most));
    }
  }

  /** Dark is small, bright is large, on any ground. */
  static final SequentialMap SEQUENTIAL = new SequentialMap(0, 1);
}
