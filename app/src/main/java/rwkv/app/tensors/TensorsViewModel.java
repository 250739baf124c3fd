package rwkv.app.tensors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import org.jspecify.annotations.Nullable;
import rwkv.app.open.OpenModel;
import rwkv.app.open.Opened;
import rwkv.app.theme.Sizes;
import rwkv.engine.tensor.Tensor;

/** The tensors of the open model: which are shown in what order, and what is known of them. */
public final class TensorsViewModel {

  private final ObservableList<TensorRow> rows = FXCollections.observableArrayList();
  private final FilteredList<TensorRow> picked = new FilteredList<>(rows);
  private final SortedList<TensorRow> shown = new SortedList<>(picked);
  private final StringProperty filter = new SimpleStringProperty("");
  private final BooleanProperty expression = new SimpleBooleanProperty();
  private final ReadOnlyStringWrapper filterProblem = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper total = new ReadOnlyStringWrapper("");
  private final ObjectProperty<@Nullable TensorRow> selected = new SimpleObjectProperty<>();
  private final TensorWork work;
  private List<Order> orders = List.of();
  private @Nullable OpenModel model;
  private boolean isSeen;

  /** What the list is ordered by. */
  public record Order(TensorColumn column, boolean isAscending) {}

  /**
   * @param opened the open model; its sessions and the readers of its tensors end before it
   * @param threads gives each task a thread of its own
   * @param foreground the JavaFX thread
   */
  public TensorsViewModel(
      ObservableValue<@Nullable Opened> opened, Executor threads, Executor foreground) {
    work = new TensorWork(threads, foreground, this::sortAgain);
    opened.subscribe(this::follow);
    filter.subscribe(this::pick);
    expression.subscribe(this::pick);
    selected.subscribe(work::look);
  }

  /** The tensors picked by the filter, in order. */
  public ObservableList<TensorRow> shown() {
    return shown;
  }

  /** Words or a regular expression that names must have in them. */
  public StringProperty filterProperty() {
    return filter;
  }

  /** Whether the filter is a regular expression. */
  public BooleanProperty expressionProperty() {
    return expression;
  }

  /** What is wrong with the filter, or empty; a wrong one changes nothing. */
  public ReadOnlyStringProperty filterProblemProperty() {
    return filterProblem.getReadOnlyProperty();
  }

  /** As in "412 tensors, 1.5 GB, shown 12". */
  public ReadOnlyStringProperty totalProperty() {
    return total.getReadOnlyProperty();
  }

  /** The tensor to be seen in full; null for none. */
  public ObjectProperty<@Nullable TensorRow> selectedProperty() {
    return selected;
  }

  /** How far the statistics have come, and the preview of the selected tensor. */
  public TensorWork work() {
    return work;
  }

  /** The model's name; empty without one. */
  public String modelName() {
    return model == null ? "" : model.name();
  }

  /** Orders the list, by the first column first; by none as in the file. */
  public void sort(List<Order> by) {
    orders = List.copyOf(by);
    Comparator<TensorEntry> all = null;
    for (Order order : orders) {
      Comparator<TensorEntry> one = order.column().order(order.isAscending());
      all = all == null ? one : all.thenComparing(one);
    }
    Comparator<TensorEntry> entries = all == null ? null : all.thenComparingInt(TensorEntry::index);
    shown.setComparator(entries == null ? null : (a, b) -> entries.compare(a.entry(), b.entry()));
  }

  /**
   * Whether anybody can see the list. Statistics are begun when somebody first does, and then
   * carried to the end.
   */
  public void seen(boolean isSeenNow) {
    isSeen = isSeenNow;
    begin();
  }

  /** Computes the statistics that are missing, those shown first. */
  public void resume() {
    work.begin(missing());
  }

  private void follow(@Nullable Opened opened) {
    OpenModel next = opened == null ? null : opened.model();
    if (next == model) {
      return;
    }
    selected.set(null);
    model = next;
    work.open(next);
    List<TensorRow> all = new ArrayList<>();
    if (next != null) {
      for (Tensor tensor : next.tensors().values()) {
        all.add(new TensorRow(all.size(), tensor));
      }
    }
    rows.setAll(all);
    tell();
    begin();
  }

  private void begin() {
    if (isSeen && model != null && !work.isBegun()) {
      resume();
      if (selected.get() == null && !shown.isEmpty()) {
        selected.set(shown.getFirst());
      }
    }
  }

  private void pick() {
    String text = filter.get();
    Predicate<TensorEntry> fits;
    try {
      fits = expression.get() ? TensorFilter.expression(text) : TensorFilter.words(text);
    } catch (IllegalArgumentException e) {
      filterProblem.set(String.valueOf(e.getMessage()));
      return;
    }
    filterProblem.set("");
    picked.setPredicate(row -> fits.test(row.entry()));
    tell();
    if (work.computingProperty().get()) {
      resume();
    }
  }

  private List<TensorRow> missing() {
    Stream<TensorRow> others = rows.stream().filter(row -> !fits(row));
    return Stream.concat(picked.stream(), others).filter(row -> row.entry().isUnknown()).toList();
  }

  private boolean fits(TensorRow row) {
    Predicate<? super TensorRow> predicate = picked.getPredicate();
    return predicate == null || predicate.test(row);
  }

  private void sortAgain() {
    if (orders.stream().anyMatch(order -> order.column().isStatistic())) {
      sort(orders);
    }
  }

  private void tell() {
    long bytes = rows.stream().mapToLong(row -> row.entry().bytes()).sum();
    total.set(model == null ? "" : total(rows.size(), bytes, picked.size()));
  }

  /** As in "412 tensors, 1.5 GB, shown 12". */
  public static String total(int tensors, long bytes, int shown) {
    return "%s %s, %s, shown %s"
        .formatted(
            Sizes.exact(tensors),
            tensors == 1 ? "tensor" : "tensors",
            Sizes.bytes(bytes),
            Sizes.exact(shown));
  }
}
