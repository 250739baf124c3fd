package rwkv.app.chartfile;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.Function;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import rwkv.plugin.Chart.Axis;

/** What all charts have in common. */
final class Look {

  static final int WIDTH = 960;
  static final int HEIGHT = 600;

  /** The colours of Okabe and Ito, which colour-blind eyes tell apart; yellow is too light here. */
  private static final Color[] SERIES = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x000000)
  };

  /** Told apart by shape too, once the colours begin again. */
  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND
  };

  private static final int TEXT = 13;
  private static final int HEADING = 16;
  private static final int SMALL_MARK = 6;
  private static final double LEAST_PLAIN = 1e-3;
  private static final double MOST_PLAIN = 1e5;

  private Look() {}

  static void dress(AxesChartStyler styler) {
    styler.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT));
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, HEADING));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT - 1));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT - 1));
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(new Color(0xE4E4E4));
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setChartTitleBoxVisible(false);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendBackgroundColor(Color.WHITE);
    styler.setSeriesColors(SERIES);
    styler.setSeriesMarkers(MARKERS);
    styler.setMarkerSize(SMALL_MARK);
    styler.setAntiAlias(true);
    styler.setToolTipsEnabled(false);
  }

  /** The label of an axis, and below it what the picture is of. */
  static String withCaption(Axis axis, String caption) {
    return label(axis) + "    ·    " + caption;
  }

  static String label(Axis axis) {
    return axis.label().isBlank() ? axis.column() : axis.label();
  }

  /** Numbers of the ticks: plain where that is short. */
  static Function<Double, String> ticks() {
    return Look::tick;
  }

  static String tick(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < LEAST_PLAIN || size >= MOST_PLAIN) {
      return String.format(Locale.ROOT, "%.2e", value)
          .replaceFirst("\\.?0+e", "e")
          .replaceFirst("e([+-])0*(\\d)", "e$1$2")
          .replace("e+", "e");
    }
    return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
