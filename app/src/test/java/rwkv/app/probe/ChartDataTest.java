package rwkv.app.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.DivergingMap;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ChartDataTest {

  private static final Chart.HeatMap MAP =
      new Chart.HeatMap(
          "map", "t", Axis.of("head"), Axis.of("layer"), Axis.of("loss"), Chart.Colors.SEQUENTIAL);

  private static Table table(double... losses) {
    return Table.create(
        "t",
        LongColumn.create("head", new long[] {10, 2, 10}),
        LongColumn.create("layer", new long[] {0, 0, 1}),
        StringColumn.create("kind", "a", "b", "a"),
        DoubleColumn.create("loss", losses));
  }

  private static ChartSource source(String label, double... losses) {
    return new ChartSource(label, table(losses));
  }

  @Test
  void aLineForEachValueOfTheSeriesColumn() {
    Chart.Lines chart = new Chart.Lines("lines", "t", Axis.of("head"), Axis.of("loss"), "kind");
    XyData data = XyData.of(chart, List.of(source("run", 1, 2, 3)));
    assertEquals(List.of("a", "b"), data.series().stream().map(XySeries::name).toList());
    assertArrayEquals(new double[] {10, 10}, data.series().getFirst().xs());
    assertArrayEquals(new double[] {1, 3}, data.series().getFirst().ys());
  }

  @Test
  void comparedRunsWithSeriesShareColoursAndDifferInDashes() {
    Chart.Lines chart = new Chart.Lines("lines", "t", Axis.of("head"), Axis.of("loss"), "layer");
    XyData data = XyData.of(chart, List.of(source("one", 1, 2, 3), source("two", 4, 5, 6)));
    assertEquals(
        List.of("layer 0 · one", "layer 1 · one", "layer 0 · two", "layer 1 · two"),
        data.series().stream().map(XySeries::name).toList());
    assertEquals(data.series().get(1).color(), data.series().get(3).color());
    assertEquals(List.of(0, 0, 1, 1), data.series().stream().map(XySeries::style).toList());
  }

  @Test
  void comparedRunsWithoutSeriesHaveAColourEach() {
    Chart.Points chart = new Chart.Points("p", "t", Axis.of("head"), Axis.log("loss"), null);
    XyData data = XyData.of(chart, List.of(source("one", 0, 2, 3), source("two", 4, -5, 6)));
    assertEquals(List.of("one", "two"), data.series().stream().map(XySeries::name).toList());
    assertEquals(List.of(0, 1), data.series().stream().map(XySeries::color).toList());
    assertEquals(2, data.missing(), "0 and -5 have no logarithm");
  }

  @Test
  void barsOfACategoryStandSideBySide() {
    Chart.Bars chart = new Chart.Bars("b", "t", Axis.of("kind"), Axis.of("loss"), "layer");
    BarData data = BarData.of(chart, List.of(source("run", 1, 2, 3)));
    assertEquals(List.of("a", "b"), data.categories());
    assertArrayEquals(new double[] {1, 2}, data.values()[0]);
    assertArrayEquals(new double[] {3, Double.NaN}, data.values()[1]);
  }

  @Test
  void numbersOfAHeatMapsAxesRiseAndUnknownCellsAreKnownAsSuch() {
    HeatData data = HeatData.of(MAP, List.of(source("run", 1, 2, 3))).getFirst();
    assertEquals(List.of("2", "10"), data.columns());
    assertEquals(List.of("0", "1"), data.rows());
    assertEquals(1, data.values()[0][1]);
    assertTrue(data.known()[1][1]);
    assertFalse(data.known()[1][0]);
  }

  @Test
  void comparedHeatMapsHaveOneScale() {
    List<HeatData> maps = HeatData.of(MAP, List.of(source("one", 1, 2, 3), source("two", 4, 5, 9)));
    HeatScale scale = HeatScale.of(maps);
    assertEquals(1, scale.least());
    assertEquals(9, scale.most());
    assertEquals(0.5, scale.place(5));
    assertEquals(
        DivergingMap.NOT_A_NUMBER,
        scale.color(Double.NaN, new DivergingMap(0xFFFFFF), HeatScale.SEQUENTIAL));
  }

  @Test
  void signedScalesHaveZeroInTheMiddle() {
    Chart.HeatMap signed =
        new Chart.HeatMap("map", "t", MAP.x(), MAP.y(), Axis.of("loss"), Chart.Colors.DIVERGING);
    HeatScale scale = HeatScale.of(HeatData.of(signed, List.of(source("run", -1, 2, 0))));
    assertEquals(-2, scale.least());
    assertEquals(0xFFFFFFFF, scale.color(0, new DivergingMap(0xFFFFFF), HeatScale.SEQUENTIAL));
  }

  @Test
  void axesBeginAndEndWithRoundNumbers() {
    PlotAxis decades = PlotAxis.around(3, 40_000, true, 5);
    assertEquals(2, decades.from(), 1e-9);
    assertEquals(50_000, decades.to(), 1e-6);
    assertEquals(4, decades.ticks().size(), decades::toString);
    PlotAxis flat = PlotAxis.around(5, 5, true, 5);
    assertTrue(flat.from() < 5 && flat.to() > 5, flat::toString);
    assertTrue(PlotAxis.around(1, 0, false, 5).to() > 0, "nothing to show");
  }

  @Test
  void cellsTellEveryDigit() {
    Table table = table(0.1 + 0.2, Double.NaN, 4);
    assertEquals("0.30000000000000004", Cells.text(table.column("loss"), 0));
    assertEquals("", Cells.text(table.column("loss"), 1));
    assertEquals("4", Cells.text(table.column("loss"), 2));
  }
}
