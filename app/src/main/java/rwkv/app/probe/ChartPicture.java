package rwkv.app.probe;

import java.util.List;
import rwkv.app.chart.PlotPicture;
import rwkv.plugin.Chart;

/** A chart, drawn. */
abstract class ChartPicture extends PlotPicture {

  private boolean isFresh;

  ChartPicture(Margins margins, String title) {
    super(margins);
    setAccessibleText(title);
  }

  /** A name in the legend, empty for none, with its place among the colours and marks. */
  record Key(String name, int color, int style, boolean isLine) {}

  /** What is told apart, and how many colours that needs. */
  abstract List<Key> keys();

  abstract int colors();

  /** How many numbers could not be drawn. */
  abstract int missing();

  /** There are other numbers to draw. */
  final void changed() {
    isFresh = true;
    show();
  }

  @Override
  protected final boolean needsLayout() {
    return isFresh;
  }

  @Override
  protected final void prepare() {
    isFresh = false;
    arrangeAxes();
  }

  /** Makes the axes for the present size. */
  abstract void arrangeAxes();

  final int colorOf(int color) {
    return ChartColors.rgb(color, colors(), background());
  }

  /** What an axis is for, in words. */
  static String words(Chart.Axis axis) {
    return axis.label();
  }
}
