package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.tensors.TensorColumn;
import rwkv.app.tensors.TensorRow;
import rwkv.app.tensors.TensorsViewModel;

/** Through the tensor browser of the real window, with the sample model. */
class TensorsPathTest {

  @TempDir Path folder;

  private final FxRobot robot = new FxRobot();
  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("settings.json"),
        "{\"window\": {\"x\": 0, \"y\": 0, \"width\": 1000, \"height\": 900}}");
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
  }

  @AfterEach
  void close() throws Exception {
    window.close();
  }

  private TensorsViewModel tensors() {
    return window.model().tensors();
  }

  private List<String> shown() {
    return DrivenWindow.on(
        () -> tensors().shown().stream().map(row -> row.entry().name()).toList());
  }

  @Test
  void openFilterSortChooseAndCopy() throws Exception {
    robot.clickOn("#railTensors");
    assertEquals(Activity.TENSORS, window.model().activityProperty().get());
    window.await(() -> !tensors().work().computingProperty().get());
    assertEquals("emb.weight", window.text(".tensor-title"));
    int all = shown().size();

    robot.push(KeyCode.SHORTCUT, KeyCode.F).write("ffn key");
    window.await(() -> shown().size() == 4);
    assertTrue(window.text("#tensorTotal").endsWith("shown 4"), window.text("#tensorTotal"));

    robot.push(KeyCode.DOWN);
    robot.push(KeyCode.DOWN);
    TensorRow chosen = tensors().selectedProperty().get();
    window.await(() -> window.text(".tensor-title").equals(chosen.entry().name()));
    assertTrue(chosen.entry().name().endsWith("ffn.key.weight"));
    robot.push(KeyCode.SHORTCUT, KeyCode.C);
    String copied = DrivenWindow.on(() -> Clipboard.getSystemClipboard().getString());
    assertTrue(copied.startsWith(chosen.entry().name() + "\t["), copied);
    assertEquals(8, copied.split("\t").length, copied);

    sortBy(TensorColumn.DEVIATION);
    List<Double> deviations =
        DrivenWindow.on(() ->
            tensors().shown().stream().map(row -> row.entry().statistics().deviation()).toList());
    assertEquals(deviations.stream().sorted().toList().reversed(), deviations);
    assertEquals(chosen, table().getSelectionModel().getSelectedItem(), "it moved with its line");

    robot.clickOn("#logCounts");
    robot.clickOn("#tensorFilter").push(KeyCode.ESCAPE);
    window.await(() -> shown().size() == all);
    window.screenshot(Path.of("target", "screenshots", "tensors.png"));
    assertFalse(window.node("#banner").isVisible());
  }

  private TableView<?> table() {
    return (TableView<?>) window.node("#tensorTable");
  }

  /**
   * Largest first, as two clicks on the column's head do; the headless platform takes every click
   * for one that asks for a menu, and heads do not listen to those.
   */
  private void sortBy(TensorColumn column) {
    DrivenWindow.on(() -> {
      sortBy(table(), column);
      return null;
    });
  }

  private static <T> void sortBy(TableView<T> table, TensorColumn column) {
    TableColumn<T, ?> sorted = table.getColumns().get(column.ordinal());
    sorted.setSortType(TableColumn.SortType.DESCENDING);
    table.getSortOrder().setAll(List.of(sorted));
  }

  @Test
  void anotherModelMeansOtherTensors() throws Exception {
    robot.clickOn("#railTensors");
    TensorRow before = tensors().shown().getFirst();
    Path same = tensorsFile();
    DrivenWindow.on(() -> {
      window.model().open().open(same);
      return null;
    });
    window.await(() -> !tensors().shown().contains(before) && !shown().isEmpty());
    window.await(() -> !tensors().work().computingProperty().get());
    assertTrue(
        DrivenWindow.on(
            () -> tensors().shown().stream().allMatch(row -> row.entry().statistics() != null)));
    assertFalse(window.node("#banner").isVisible());
  }

  /** The model that is open, by another name. */
  private Path tensorsFile() throws Exception {
    Path model = DrivenWindow.on(() -> window.model().open().openedProperty().get().model().file());
    return Files.copy(model, folder.resolve("copy" + extension(model)));
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.'));
  }
}
