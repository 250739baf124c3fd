package rwkv.app.tensors;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.CalmLimit;
import rwkv.engine.analysis.MatrixOverview;
import rwkv.engine.analysis.TensorStatistics;

/** The chosen tensor in full: its numbers in words, its histogram, its matrix. */
final class TensorDetailViewModel {

  private final ReadOnlyObjectWrapper<@Nullable TensorEntry> entry = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper rangeWords = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper cellWords = new ReadOnlyStringWrapper("");
  private final BooleanProperty logarithmic = new SimpleBooleanProperty();
  private final BooleanProperty extremes = new SimpleBooleanProperty();
  private final TensorsViewModel list;
  private Subscription entries = Subscription.EMPTY;
  private int range = -1;
  private double limit;

  TensorDetailViewModel(TensorsViewModel list) {
    this.list = list;
    list.selectedProperty().subscribe(this::follow);
    previewProperty().subscribe(this::rescale);
    extremes.subscribe(this::rescale);
  }

  /** What is known about the chosen tensor; null without one. */
  ReadOnlyObjectProperty<@Nullable TensorEntry> entryProperty() {
    return entry.getReadOnlyProperty();
  }

  /** The tensor's name. */
  ReadOnlyStringProperty titleProperty() {
    return title.getReadOnlyProperty();
  }

  /** The range under the mouse in words. */
  ReadOnlyStringProperty rangeWordsProperty() {
    return rangeWords.getReadOnlyProperty();
  }

  /** The cell under the mouse in words, or what a cell is. */
  ReadOnlyStringProperty cellWordsProperty() {
    return cellWords.getReadOnlyProperty();
  }

  /** Whether histograms show counts logarithmically. */
  BooleanProperty logarithmicProperty() {
    return logarithmic;
  }

  /** Whether a cell shows its number of largest |x| rather than the mean. */
  BooleanProperty extremesProperty() {
    return extremes;
  }

  ReadOnlyObjectProperty<@Nullable TensorPreview> previewProperty() {
    return list.work().previewProperty();
  }

  @Nullable TensorStatistics statistics() {
    TensorEntry shown = entry.get();
    return shown == null ? null : shown.statistics();
  }

  @Nullable MatrixOverview overview() {
    TensorPreview preview = previewProperty().get();
    return preview == null ? null : preview.overview();
  }

  /** What a cell shows. */
  float cell(MatrixOverview overview, int row, int column) {
    return extremes.get() ? overview.extreme(row, column) : overview.mean(row, column);
  }

  /** What cells show together that have one pixel between them; ends are exclusive. */
  float cells(MatrixOverview overview, int row, int rowEnd, int column, int columnEnd) {
    float sum = 0;
    float extreme = 0;
    for (int r = row; r < rowEnd; r++) {
      for (int c = column; c < columnEnd; c++) {
        float value = cell(overview, r, c);
        sum += value;
        extreme = Math.abs(value) > Math.abs(extreme) ? value : extreme;
      }
    }
    boolean isExtreme = extremes.get() && !Float.isNaN(sum);
    return isExtreme ? extreme : sum / ((rowEnd - row) * (columnEnd - column));
  }

  /** The size with the strongest colour; 0 if all cells are zero. */
  double limit() {
    return limit;
  }

  /** The range under the mouse, or -1. */
  int range() {
    return range;
  }

  /** The mouse is over a range of the histogram; -1 for none. */
  void hoverRange(int newRange) {
    range = newRange;
    TensorStatistics statistics = statistics();
    rangeWords.set(range < 0 || statistics == null ? "" : DetailWords.range(statistics, range));
  }

  /** The mouse is over a cell; -1 for none. */
  void hoverCell(int row, int column) {
    MatrixOverview overview = overview();
    if (overview == null) {
      cellWords.set("");
    } else if (row < 0) {
      cellWords.set(DetailWords.cells(overview));
    } else {
      cellWords.set(
          DetailWords.cell(overview, row, column, cell(overview, row, column), extremes.get()));
    }
  }

  /** What the histogram shows, for its caption. */
  String histogramCaption() {
    return DetailWords.histogramCaption(list.modelName(), entry.get(), logarithmic.get());
  }

  /** What the matrix shows, for its caption. */
  String matrixCaption() {
    return DetailWords.matrixCaption(
        list.modelName(), entry.get(), overview(), extremes.get(), limit);
  }

  private void follow(@Nullable TensorRow row) {
    entries.unsubscribe();
    if (row == null) {
      show(null);
      entries = Subscription.EMPTY;
    } else {
      entries = row.entryProperty().subscribe(this::show);
    }
  }

  private void show(@Nullable TensorEntry next) {
    entry.set(next);
    title.set(next == null ? "" : next.shownName());
    hoverRange(-1);
  }

  private void rescale() {
    MatrixOverview overview = overview();
    double largest = 0;
    for (int row = 0; overview != null && row < overview.rows(); row++) {
      for (int column = 0; column < overview.columns(); column++) {
        float size = Math.abs(cell(overview, row, column));
        largest = size > largest ? size : largest;
      }
    }
    limit = largest > 0 ? CalmLimit.roundUp(largest) : 0;
    hoverCell(-1, -1);
  }
}
