package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.decaylab.DecayLabViewModel;
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

  /** A place of the editor on the screen, in shares of its size. */
  private Point2D at(double across, double down) {
    Node editor = window.node("#decayCurve");
    return DrivenWindow.on(() -> {
      var bounds = editor.getLayoutBounds();
      return editor.localToScreen(bounds.getWidth() * across, bounds.getHeight() * down);
    });
  }

  @Test
  void dragSeeTheHalfLifeChangeUndoAndExport() throws Exception {
    DecayCurve before = curve();
    robot.moveTo(at(0.5, 0.5));
    window.await(() -> readout().contains("half-life"));
    String told = readout();
    robot.press(MouseButton.PRIMARY).moveTo(at(0.5, 0.3)).moveTo(at(0.5, 0.2));
    window.await(() -> !curve().equals(before));
    assertNotEquals(told, readout(), "while the mouse is down");
    robot.release(MouseButton.PRIMARY);
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
  void aCurveForAnotherModelMakesAPlan() throws Exception {
    window.press("#decayNewModel");
    window.await(() -> !lab().subjectProperty().get().isOpen());
    assertEquals(12, curve().shape().layers());
    window.press("#decayOpenModel");
    window.await(() -> lab().subjectProperty().get().isOpen());
  }
}
