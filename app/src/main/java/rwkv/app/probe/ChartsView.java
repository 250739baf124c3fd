package rwkv.app.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.RowConstraints;
import rwkv.app.probing.ProbeRun;
import rwkv.plugin.Chart;
import tech.tablesaw.api.Table;

/** The charts of one run, or those that several runs have in common. */
final class ChartsView extends ScrollPane {

  private static final double LOWEST = 250;
  private static final int MOST_BESIDE = 2;

  private final GridPane grid = new GridPane();
  private final Label nothing = new Label();
  private Map<String, ChartFigure> figures = new HashMap<>();
  private List<ProbeRun> runs = List.of();

  ChartsView() {
    setId("probeCharts");
    setFitToWidth(true);
    setFitToHeight(true);
    getStyleClass().add("edge-to-edge");
    grid.getStyleClass().add("chart-grid");
    nothing.getStyleClass().add("empty-hint");
  }

  /** Shows runs of one probe, as far as they are. */
  void show(List<ProbeRun> shown) {
    runs = shown;
    List<String> labels = RunWords.labels(shown);
    Map<String, ChartFigure> next = new HashMap<>();
    List<ChartFigure> order = new ArrayList<>();
    for (Chart chart : shown.isEmpty() ? List.<Chart>of() : shown.getLast().result().charts()) {
      List<ChartSource> sources = new ArrayList<>();
      for (int i = 0; i < shown.size(); i++) {
        table(shown.get(i), chart, labels.get(i)).ifPresent(sources::add);
      }
      if (!sources.isEmpty()) {
        ChartFigure old = figures.get(chart.title());
        boolean stays = old != null && old.show(chart, sources);
        ChartFigure figure = stays && old != null ? old : make(chart, sources);
        next.put(chart.title(), figure);
        order.add(figure);
      }
    }
    figures = next;
    if (!grid.getChildren().equals(order)) {
      arrange(order);
    }
    nothing.setText(shown.isEmpty() ? "Nothing is chosen." : "There is no chart yet.");
    setContent(order.isEmpty() ? nothing : grid);
  }

  private static java.util.Optional<ChartSource> table(ProbeRun run, Chart chart, String label) {
    return run.result().tables().stream()
        .filter(table -> table.name().equals(chart.table()))
        .filter(table -> chart.columns().stream().allMatch(table::containsColumn))
        .map((Table table) -> new ChartSource(label, table))
        .findFirst();
  }

  private ChartFigure make(Chart chart, List<ChartSource> sources) {
    ProbeRun run = runs.getLast();
    String name =
        run.probe().id() + "-" + chart.title().toLowerCase().replaceAll("[^a-z0-9]+", "-");
    return new ChartFigure(chart, sources, name, this::caption);
  }

  private String caption() {
    return String.join(". ", runs.stream().map(RunWords::caption).toList()) + ".";
  }

  private void arrange(List<ChartFigure> order) {
    grid.getChildren().clear();
    grid.getColumnConstraints().clear();
    grid.getRowConstraints().clear();
    int beside = Math.min(MOST_BESIDE, order.size());
    for (int c = 0; c < beside; c++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setPercentWidth(100.0 / beside);
      grid.getColumnConstraints().add(column);
    }
    for (int i = 0; i < order.size(); i++) {
      boolean alone = i == order.size() - 1 && i % beside == 0;
      grid.add(order.get(i), i % beside, i / beside, alone ? beside : 1, 1);
      if (i % beside == 0) {
        RowConstraints row = new RowConstraints(LOWEST, LOWEST, Double.MAX_VALUE);
        row.setVgrow(Priority.ALWAYS);
        grid.getRowConstraints().add(row);
      }
    }
  }
}
