package rwkv.app.state;

import io.fair_acc.chartfx.XYChart;
import io.fair_acc.chartfx.axes.spi.DefaultNumericAxis;
import io.fair_acc.chartfx.renderer.ErrorStyle;
import io.fair_acc.chartfx.renderer.spi.ErrorDataSetRenderer;
import io.fair_acc.chartfx.ui.geometry.Side;

/** A head's RMS (axis on the left) and change (axis on the right) at the last tokens. */
final class HistoryChart {

  private static final int TICKS = 5;

  private final HistoryLine rms = new HistoryLine("RMS", DynamicsHistory::rms);
  private final HistoryLine change =
      new HistoryLine("change", (history, index, head) -> 100 * history.change(index, head));
  private final DefaultNumericAxis tokens = axis("token", Side.BOTTOM);
  private final DefaultNumericAxis left = axis("", Side.LEFT);
  private final DefaultNumericAxis right = axis("", Side.RIGHT);
  private final XYChart chart = new XYChart(tokens, left);
  private DynamicsHistory history = new DynamicsHistory(0);

  HistoryChart() {
    chart.getStyleClass().add("history-chart");
    chart.setLegendVisible(false);
    chart.setAnimated(false);
    chart.getRenderers().setAll(renderer(change, right, "change"), renderer(rms, left, "rms"));
    chart.setMinSize(0, 0);
    range();
  }

  private static DefaultNumericAxis axis(String name, Side side) {
    DefaultNumericAxis axis = new DefaultNumericAxis(name, null);
    axis.setSide(side);
    axis.setAnimated(false);
    axis.setAutoRanging(false);
    axis.setAutoUnitScaling(false);
    axis.setMinorTickCount(0);
    axis.setMaxMajorTickLabelCount(TICKS + 1);
    return axis;
  }

  private static ErrorDataSetRenderer renderer(
      HistoryLine line, DefaultNumericAxis vertical, String style) {
    ErrorDataSetRenderer renderer = new ErrorDataSetRenderer();
    renderer.setErrorStyle(ErrorStyle.NONE);
    renderer.setDrawMarker(false);
    renderer.getAxes().add(vertical);
    line.addStyleClasses(style + "-line");
    renderer.getDatasets().add(line);
    return renderer;
  }

  XYChart node() {
    return chart;
  }

  /** Shows a head's past. */
  void show(DynamicsHistory newHistory, int head) {
    history = newHistory;
    rms.show(newHistory, head);
    change.show(newHistory, head);
    range();
  }

  /** Tokens were added. */
  void changed() {
    rms.changed();
    change.changed();
    range();
  }

  /** From the first token held to the last, and from zero to the next calm number. */
  private void range() {
    int count = history.size();
    double first = count == 0 ? 0 : history.position(0);
    double last = count == 0 ? 0 : history.position(count - 1);
    span(tokens, first, Math.max(last, first + 20));
    span(left, 0, rms.top());
    span(right, 0, change.top());
  }

  private static void span(DefaultNumericAxis axis, double from, double to) {
    if (axis.getMin() != from || axis.getMax() != to) {
      axis.set(from, to);
    }
  }
}
