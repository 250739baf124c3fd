package rwkv.app.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.open.FakeModel;
import rwkv.app.open.Opened;
import rwkv.app.tensors.TensorsViewModel.Order;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class TensorsViewModelTest {

  private final ObjectProperty<@Nullable Opened> opened = new SimpleObjectProperty<>();
  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final Deque<Runnable> foreground = new ArrayDeque<>();
  private final TensorsViewModel model =
      new TensorsViewModel(opened, threads::add, foreground::add);
  private final FakeModel file = new FakeModel(Path.of("/models/some.pth"));

  @BeforeEach
  void tensors() {
    file.tensors =
        map(
            Tensor.of("emb.weight", Shape.of(3, 2), 1, 2, 3, 4, 5, 6),
            Tensor.of("blocks.0.att.key", Shape.of(2, 2), -1, 9, 0, 0),
            Tensor.of("blocks.1.att.key", Shape.of(2), 7, 7),
            Tensor.of("blocks.1.ffn.key", Shape.of(1), -3));
  }

  private static Map<String, Tensor> map(Tensor... tensors) {
    Map<String, Tensor> map = new LinkedHashMap<>();
    Stream.of(tensors).forEach(tensor -> map.put(tensor.name(), tensor));
    return map;
  }

  private void open(FakeModel some) {
    opened.set(new Opened(some, null));
  }

  private void openSeen() {
    open(file);
    model.seen(true);
  }

  /** Lets reader and foreground do all they have to do. */
  private void work() {
    while (!threads.isEmpty() || !foreground.isEmpty()) {
      (foreground.isEmpty() ? threads : foreground).remove().run();
    }
  }

  private List<String> names() {
    return model.shown().stream().map(row -> row.entry().name()).toList();
  }

  private TensorRow row(String name) {
    return model.shown().stream()
        .filter(row -> row.entry().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private @Nullable TensorStatistics statistics(String name) {
    return row(name).entry().statistics();
  }

  @Test
  void showsTheTensorsInTheOrderOfTheFile() {
    openSeen();
    assertEquals(List.copyOf(file.tensors.keySet()), names());
    assertEquals("4 tensors, 52 B, shown 4", model.totalProperty().get());
  }

  @Test
  void nothingIsReadBeforeSomebodyLooks() {
    open(file);
    assertTrue(threads.isEmpty());
    model.seen(true);
    assertTrue(model.work().computingProperty().get());
    work();
    assertFalse(model.work().computingProperty().get());
    assertFalse(model.work().cancelledProperty().get());
    assertEquals(1, model.work().progressProperty().get());
    assertEquals(3.5, statistics("emb.weight").mean());
    assertTrue(model.shown().stream().allMatch(row -> row.entry().statistics() != null));
  }

  @Test
  void statisticsAreComputedOnceForAModel() {
    openSeen();
    work();
    TensorStatistics first = statistics("emb.weight");
    model.seen(false);
    model.seen(true);
    opened.set(new Opened(file, null));
    model.resume();
    assertFalse(model.work().computingProperty().get());
    work();
    assertSame(first, statistics("emb.weight"));
  }

  @Test
  void whatIsShownIsComputedFirst() {
    open(file);
    List<String> learnt = new ArrayList<>();
    for (TensorRow row : model.shown()) {
      row.entryProperty().subscribe((_, entry) -> learnt.add(entry.name()));
    }
    model.filterProperty().set("blocks.1");
    model.seen(true);
    work();
    assertEquals(
        List.of("blocks.1.att.key", "blocks.1.ffn.key", "emb.weight", "blocks.0.att.key"), learnt);
  }

  @Test
  void theFilterPicksByWordsOrByExpression() {
    openSeen();
    model.filterProperty().set("key 1.");
    assertEquals(List.of("blocks.1.att.key", "blocks.1.ffn.key"), names());
    assertEquals("4 tensors, 52 B, shown 2", model.totalProperty().get());
    model.filterProperty().set("^blocks.*(att|emb)");
    assertEquals(List.of(), names());
    model.expressionProperty().set(true);
    assertEquals(List.of("blocks.0.att.key", "blocks.1.att.key"), names());
  }

  @Test
  void aWrongExpressionSaysSoAndChangesNothing() {
    openSeen();
    model.expressionProperty().set(true);
    model.filterProperty().set("att");
    model.filterProperty().set("att(");
    assertTrue(model.filterProblemProperty().get().contains("no regular expression"));
    assertEquals(2, names().size());
    model.filterProperty().set("ffn");
    assertEquals("", model.filterProblemProperty().get());
    assertEquals(1, names().size());
  }

  @Test
  void statisticsThatArriveTakeTheirPlaceInTheOrder() {
    openSeen();
    model.sort(List.of(new Order(TensorColumn.MEAN, false)));
    assertEquals(List.copyOf(file.tensors.keySet()), names());
    work();
    assertEquals(
        List.of("blocks.1.att.key", "emb.weight", "blocks.0.att.key", "blocks.1.ffn.key"), names());
    model.sort(List.of(new Order(TensorColumn.TYPE, true), new Order(TensorColumn.SHAPE, true)));
    assertEquals("blocks.1.ffn.key", names().getFirst());
    model.sort(List.of(new Order(TensorColumn.TYPE, false)));
    assertEquals(List.copyOf(file.tensors.keySet()), names(), "equals stay as in the file");
    model.sort(List.of());
    assertEquals(List.copyOf(file.tensors.keySet()), names());
  }

  @Test
  void cancelledStatisticsCanBeTakenUpAgain() {
    openSeen();
    model.selectedProperty().set(null);
    model.work().cancel();
    assertFalse(model.work().computingProperty().get());
    assertTrue(model.work().cancelledProperty().get());
    work();
    assertTrue(model.work().cancelledProperty().get());
    assertNull(statistics("blocks.1.ffn.key"));
    model.seen(false);
    model.seen(true);
    assertFalse(model.work().computingProperty().get(), "a person has said no");
    model.resume();
    work();
    assertNotNull(statistics("blocks.1.ffn.key"));
    assertFalse(model.work().cancelledProperty().get());
  }

  @Test
  void theChosenTensorIsReadFirstAndShown() {
    openSeen();
    assertSame(model.shown().getFirst(), model.selectedProperty().get(), "never an empty picture");
    model.selectedProperty().set(row("blocks.0.att.key"));
    assertNull(model.work().previewProperty().get());
    threads.remove().run();
    foreground.remove().run();
    TensorPreview preview = model.work().previewProperty().get();
    assertNotNull(preview);
    assertEquals(9, preview.overview().mean(0, 1));
    assertEquals(-1, preview.first()[0]);
    assertNotNull(statistics("blocks.0.att.key"));
  }

  @Test
  void aTensorThatCannotBeReadSaysSoAndTheOthersAreRead() {
    try (Arena arena = Arena.ofShared()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors);
      tensors.put("gone", new Tensor("gone", DType.F32, Shape.of(4), arena.allocate(16)));
      tensors.put("last", Tensor.of("last", Shape.of(1), 1));
      file.tensors = tensors;
    }
    openSeen();
    work();
    assertFalse(row("gone").entry().problem().isEmpty());
    assertEquals("?", TensorColumn.MIN.text(row("gone").entry()));
    assertNotNull(statistics("last"));
    assertFalse(model.work().computingProperty().get());
    model.resume();
    assertFalse(model.work().computingProperty().get(), "it is not tried again and again");
  }

  @Test
  void anotherModelShowsNothingOfTheOneBefore() {
    openSeen();
    FakeModel other = new FakeModel(Path.of("/models/other.pth"));
    other.tensors = map(Tensor.of("one", Shape.of(1), 1));
    open(other);
    work();
    assertEquals(List.of("one"), names());
    assertEquals("1 tensor, 4 B, shown 1", model.totalProperty().get());
    assertNotNull(statistics("one"));
    assertEquals("one", model.selectedProperty().get().entry().name());
    opened.set(null);
    assertEquals(List.of(), names());
    assertEquals("", model.totalProperty().get());
    assertNull(model.selectedProperty().get());
  }

  @Test
  void afterAModelIsClosedItsMemoryIsNotTouched() {
    Arena arena = Arena.ofShared();
    Tensor large = new Tensor("large", DType.I8, Shape.of(1 << 20), arena.allocate(1 << 20));
    file.tensors = map(large, large.named("second"));
    int[] asked = {0};
    FakeModel closing = file;
    closing.whenAsked =
        () -> {
          // In the middle of the first tensor the model goes, and its memory with it.
          if (++asked[0] == 5) {
            opened.set(null);
            closing.close();
            arena.close();
          }
        };
    openSeen();
    List<TensorRow> rows = List.copyOf(model.shown());
    work();
    assertEquals(5, asked[0], "nothing was read after the end");
    assertTrue(rows.stream().allMatch(row -> row.entry().problem().isEmpty()));
    assertTrue(rows.stream().allMatch(row -> row.entry().statistics() == null));
  }
}
