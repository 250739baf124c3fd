package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.event.Event;
import javafx.event.EventType;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.PickResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.decaylab.DecayLabViewModel;
import rwkv.app.train.RunState;
import rwkv.app.train.RunViewModel;
import rwkv.app.train.RunsViewModel;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;

/** Through the decay lab of the real window, with the sample model. */
class DecayLabPathTest {

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
    robot.clickOn("#railDecaylab");
    window.await(() -> window.model().labRuns().openKnownProperty().get());
  }

  @AfterEach
  void close() throws Exception {
    window.close();
  }

  private DecayLabViewModel lab() {
    return window.model().decayLab();
  }

  private DecayCurve curve() {
    return DrivenWindow.on(lab()::toCurve);
  }

  /**
   * The mouse over the editor, at a place in shares of its size. The headless platform takes every
   * press for one that asks for a menu, so the events are made by hand.
   */
  private void mouse(EventType<MouseEvent> type, double across, double down) {
    boolean isDown = type == MouseEvent.MOUSE_PRESSED || type == MouseEvent.MOUSE_DRAGGED;
    DrivenWindow.on(() -> {
      Node editor = window.node("#decayCurve");
      Bounds bounds = editor.getLayoutBounds();
      double x = bounds.getWidth() * across;
      double y = bounds.getHeight() * down;
      Point2D screen = editor.localToScreen(x, y);
      Point2D scene = editor.localToScene(x, y);
      PickResult picked = new PickResult(editor, scene.getX(), scene.getY());
      MouseEvent event =
          new MouseEvent(
              type,
              scene.getX(),
              scene.getY(),
              screen.getX(),
              screen.getY(),
              isDown ? MouseButton.PRIMARY : MouseButton.NONE,
              1,
              false,
              false,
              false,
              false,
              isDown,
              false,
              false,
              false,
              false,
              !isDown,
              picked);
      Event.fireEvent(editor, event);
      return null;
    });
  }

  @Test
  void dragSeeTheHalfLifeChangeUndoAndExport() throws Exception {
    DecayCurve before = curve();
    mouse(MouseEvent.MOUSE_MOVED, 0.5, 0.5);
    String told = readout();
    assertTrue(told.contains("half-life"), told);
    mouse(MouseEvent.MOUSE_PRESSED, 0.5, 0.5);
    assertEquals(before, curve(), "taking hold changes nothing");
    mouse(MouseEvent.MOUSE_DRAGGED, 0.5, 0.3);
    assertNotEquals(before, curve(), "while the mouse is down");
    assertNotEquals(told, readout());
    mouse(MouseEvent.MOUSE_DRAGGED, 0.5, 0.2);
    mouse(MouseEvent.MOUSE_RELEASED, 0.5, 0.2);
    window.await(() -> lab().undoNameProperty().get().startsWith("move point"));
    assertTrue(readout().contains("was"), readout());
    DecayCurve dragged = curve();

    robot.push(KeyCode.SHORTCUT, KeyCode.Z);
    window.await(() -> curve().equals(before));
    robot.push(KeyCode.SHORTCUT, KeyCode.SHIFT, KeyCode.Z);
    window.await(() -> curve().equals(dragged));

    Path file = folder.resolve("curve.json");
    DrivenWindow.on(() -> {
      window.model().labRuns().saveCurve(file);
      return null;
    });
    window.await(() -> !window.model().labRuns().job().runningProperty().get());
    assertEquals(dragged, DecayFile.load(file).curve());
    assertFalse(window.node("#banner").isVisible(), window.text("#bannerText"));
    window.screenshot(Path.of("target", "screenshots", "decay-lab.png"));
  }

  @Test
  void dragTrainFromTheDraggedCurveAndStop() {
    DecayCurve before = curve();
    mouse(MouseEvent.MOUSE_MOVED, 0.5, 0.5);
    String told = readout();
    mouse(MouseEvent.MOUSE_PRESSED, 0.5, 0.5);
    mouse(MouseEvent.MOUSE_DRAGGED, 0.5, 0.2);
    mouse(MouseEvent.MOUSE_RELEASED, 0.5, 0.2);
    window.await(() -> !curve().equals(before));
    assertNotEquals(told, readout(), "the half-life under the mouse");
    DrivenWindow.on(() -> {
      ((TabPane) window.node("#decayTabs")).getSelectionModel().select(2);
      return null;
    });
    window.press("#runTrain");
    RunsViewModel training = window.model().training();
    window.await(() -> training.runs().stream().anyMatch(run -> run.steps() > 2));
    for (RunViewModel run : DrivenWindow.on(() -> List.copyOf(training.runs()))) {
      DrivenWindow.on(() -> {
        training.chosenProperty().set(run);
        return null;
      });
      window.press("#runStop");
    }
    window.await(() -> training.runs().stream().allMatch(run -> run.state() == RunState.STOPPED));
    RunViewModel first = DrivenWindow.on(() -> training.runs().getLast());
    assertTrue(first.losses().length > 2 && Double.isFinite(first.losses()[1]));
    assertFalse(window.node("#banner").isVisible(), window.text("#bannerText"));
  }

  private String readout() {
    return window.text("#decayLab .lab-editing .readout");
  }

  @Test
  void keysMovePointsAndLayers() {
    DecayCurve before = curve();
    DrivenWindow.on(() -> {
      window.node("#decayCurve").requestFocus();
      return null;
    });
    robot.push(KeyCode.RIGHT).push(KeyCode.UP);
    window.await(() -> !curve().equals(before));
    assertEquals(1, lab().pointProperty().get());
    robot.push(KeyCode.PAGE_DOWN);
    window.await(() -> window.text("#decayLayer").startsWith("layer 1"));
    DrivenWindow.on(() -> {
      window.node("#decayCoverage").requestFocus();
      return null;
    });
    robot.push(KeyCode.UP);
    window.await(() -> window.text("#decayLayer").startsWith("layer 0"));
  }

  @Test
  void applyGenerateAndGoBack() {
    DrivenWindow.on(() -> {
      lab().nudge(4);
      return null;
    });
    robot.clickOn("#decayApply");
    window.await(() -> window.text("#modelMenu").contains("other decays"));
    window.press("#step");
    window.await(() -> window.position() > 0);
    window.await(() -> window.node("#decayOwn").isVisible());
    window.press("#decayOwn");
    window.await(() -> !window.text("#modelMenu").contains("other decays"));
    assertFalse(window.node("#banner").isVisible(), window.text("#bannerText"));
  }

  @Test
  void aModelAboutToBeCreatedIsEditedInstead() {
    window.press("#decayNewModel");
    window.await(() -> !lab().subjectProperty().get().isOpen());
    assertEquals(12, curve().shape().layers());
    window.press("#decayOpenModel");
    window.await(() -> lab().subjectProperty().get().isOpen());
  }
}
