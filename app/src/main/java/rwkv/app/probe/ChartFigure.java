package rwkv.app.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.ScaleLegend;
import rwkv.plugin.Chart;

/** A chart with its title, its legend, what is under the mouse, and its menu. */
final class ChartFigure extends VBox {

  private final Chart chart;
  private final int runs;
  private final Supplier<String> caption;
  private final List<ChartPicture> pictures = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private final ChartLegend legend = new ChartLegend();
  private final ScaleLegend scale = new ScaleLegend();
  private final Label missing = new Label();
  private List<ChartSource> sources;
  private HeatScale colors = new HeatScale(false, false, 0, 0);
  private double room;

  /**
   * @param name files are proposed under
   * @param caption of the runs that are shown
   */
  ChartFigure(Chart chart, List<ChartSource> sources, String name, Supplier<String> caption) {
    this.chart = chart;
    this.runs = sources.size();
    this.sources = sources;
    this.caption = caption;
    getStyleClass().addAll("picture-view", "chart-figure");
    Label heading = new Label(chart.title());
    heading.getStyleClass().add("view-title");
    heading.setMinWidth(0);
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    missing.getStyleClass().add("note");
    missing.setMinWidth(USE_PREF_SIZE);
    HBox head = new HBox(heading, gap, missing);
    head.setAlignment(Pos.CENTER_LEFT);
    head.getStyleClass().add("view-head");
    make();
    HBox row = new HBox();
    row.getStyleClass().add("chart-row");
    VBox.setVgrow(row, Priority.ALWAYS);
    for (int i = 0; i < pictures.size(); i++) {
      ChartPicture picture = pictures.get(i);
      VBox.setVgrow(picture, Priority.ALWAYS);
      VBox with = labels.isEmpty() ? new VBox(picture) : new VBox(labels.get(i), picture);
      HBox.setHgrow(with, Priority.ALWAYS);
      with.setMinWidth(0);
      row.getChildren().add(with);
    }
    getChildren().addAll(head, legend);
    if (chart instanceof Chart.HeatMap map) {
      Label unit = new Label(ChartPicture.words(map.value()));
      unit.getStyleClass().add("note");
      HBox keys = new HBox(scale, unit);
      keys.getStyleClass().add("chart-scale");
      getChildren().add(keys);
    }
    getChildren().addAll(row, readout());
    pictures.getFirst().whenArranged(this::follow);
    menus(name);
    follow();
  }

  private void menus(String name) {
    for (ChartPicture picture : pictures) {
      PictureMenu menu =
          new PictureMenu(this, picture, picture, name, () -> chart.title() + ". " + caption.get());
      for (ChartSource source : sources) {
        String of = runs > 1 ? " of " + source.label() : "";
        menu.export("Export table%s as CSV…".formatted(of), "", () -> table(source.label()));
      }
    }
  }

  private tech.tablesaw.api.Table table(String label) {
    return sources.stream()
        .filter(source -> source.label().equals(label))
        .findFirst()
        .orElse(sources.getFirst())
        .table();
  }

  private Label readout() {
    Label readout = new Label();
    readout.getStyleClass().add("readout");
    readout.setMinWidth(0);
    readout
        .textProperty()
        .bind(
            Bindings.createStringBinding(
                () ->
                    pictures.stream()
                        .map(picture -> picture.readoutProperty().get())
                        .filter(said -> !said.isEmpty())
                        .findFirst()
                        .orElse(""),
                pictures.stream()
                    .map(ChartPicture::readoutProperty)
                    .toArray(javafx.beans.Observable[]::new)));
    return readout;
  }

  private void make() {
    switch (chart) {
      case Chart.Lines lines ->
          pictures.add(new XyPicture(chart.title(), XyData.of(lines, sources)));
      case Chart.Points points ->
          pictures.add(new XyPicture(chart.title(), XyData.of(points, sources)));
      case Chart.Bars bars ->
          pictures.add(new BarPicture(chart.title(), BarData.of(bars, sources)));
      case Chart.HeatMap map -> makeMaps(HeatData.of(map, sources));
    }
  }

  private void makeMaps(List<HeatData> maps) {
    colors = HeatScale.of(maps);
    room = HeatPicture.room(maps.getFirst());
    for (int i = 0; i < maps.size(); i++) {
      String of = maps.size() > 1 ? " of " + sources.get(i).label() : "";
      pictures.add(new HeatPicture(chart.title() + of, maps.get(i), colors));
      if (maps.size() > 1) {
        Label label = new Label(sources.get(i).label());
        label.getStyleClass().add("note");
        label.setMinWidth(0);
        labels.add(label);
      }
    }
  }

  /** Shows what is there now; tells whether this figure is still the right one. */
  boolean show(Chart now, List<ChartSource> next) {
    if (!chart.equals(now) || next.size() != runs || !alike(next)) {
      return false;
    }
    sources = next;
    switch (chart) {
      case Chart.Lines lines -> ((XyPicture) pictures.getFirst()).data(XyData.of(lines, next));
      case Chart.Points points -> ((XyPicture) pictures.getFirst()).data(XyData.of(points, next));
      case Chart.Bars bars -> ((BarPicture) pictures.getFirst()).data(BarData.of(bars, next));
      case Chart.HeatMap map -> {
        List<HeatData> maps = HeatData.of(map, next);
        if (HeatPicture.room(maps.getFirst()) != room) {
          return false;
        }
        colors = HeatScale.of(maps);
        for (int i = 0; i < maps.size(); i++) {
          ((HeatPicture) pictures.get(i)).data(maps.get(i), colors);
        }
      }
    }
    follow();
    return true;
  }

  private boolean alike(List<ChartSource> next) {
    for (int i = 0; i < runs; i++) {
      if (!next.get(i).label().equals(sources.get(i).label())) {
        return false;
      }
    }
    return true;
  }

  /** Colours depend on the ground. */
  private void follow() {
    ChartPicture first = pictures.getFirst();
    legend.follow(first);
    int count = pictures.stream().mapToInt(ChartPicture::missing).sum();
    missing.setText(count == 0 ? "" : count + " not above 0, not shown on the logarithmic scale");
    if (chart instanceof Chart.HeatMap) {
      colors.tell(scale, rwkv.app.chart.PictureRegion.rgb(first.background()));
    }
  }
}
