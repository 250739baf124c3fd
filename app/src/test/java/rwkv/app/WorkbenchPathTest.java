package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.cursor.Place;
import rwkv.app.theme.Theme;

/** The way of a newcomer through the real window, with the sample model. */
class WorkbenchPathTest {

  @TempDir Path folder;

  private final FxRobot robot = new FxRobot();
  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    // The headless screen is of 1000 x 1000, and a mouse beyond its edge is not to be relied on.
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

  private WorkbenchViewModel model() {
    return window.model();
  }

  @Test
  void openTypeGeneratePausePickAHeadAndTakeAPicture() throws Exception {
    assertFalse(window.text("#prompt").isBlank(), "a prompt is there already");
    robot.clickOn("#prompt").push(KeyCode.SHORTCUT, KeyCode.A);
    robot.write("Anna is in the garden.");
    assertEquals("Anna is in the garden.", window.text("#prompt"));
    fast();
    robot.clickOn("#generate");
    window.await(() -> window.position() > 20);
    assertEquals("", window.text("#prompt"), "the prompt has been read");
    DrivenWindow.on(() -> {
      model().generate().pause();
      return null;
    });
    window.await(() -> window.text("#generate").equals("Generate"));
    int paused = window.position();
    String text = transcript();
    assertTrue(text.startsWith("Anna is in the garden."), text);

    robot.clickOn("#step");
    window.await(() -> window.position() == paused + 1);
    assertTrue(transcript().startsWith(text));

    Node wall = window.node(".wall-picture");
    Bounds heads = DrivenWindow.on(() -> wall.localToScreen(wall.getBoundsInLocal()));
    robot.clickOn(heads.getMinX() + 60, heads.getMinY() + 40);
    Place clicked = model().place().place();
    robot.push(KeyCode.DOWN).push(KeyCode.RIGHT);
    window.await(
        () -> model().place().place().equals(new Place(clicked.layer() + 1, clicked.head() + 1)));
    window.await(
        () -> window.text(".head-view .view-title").contains(model().place().place() + ""));

    Path picture = Path.of("target", "screenshots", "path.png");
    window.screenshot(picture);
    assertTrue(Files.size(picture) > 10_000);

    robot.clickOn("#reset");
    window.await(() -> window.position() == 0);
    assertEquals("Anna is in the garden.", window.text("#prompt"));
  }

  @Test
  void aBrokenFileLeavesModelTextAndPrompt() throws Exception {
    window.press("#step");
    window.await(() -> window.position() > 0);
    String summary = window.text("#modelSummary");
    window.write("#prompt", "typed but not read");
    Path broken = Files.writeString(folder.resolve("broken.pth"), "no model");
    DrivenWindow.on(() -> {
      model().open().open(broken);
      return null;
    });
    window.await(() -> window.node("#banner").isVisible());
    assertTrue(window.text("#bannerText").contains("broken.pth"), window.text("#bannerText"));
    assertEquals(summary, window.text("#modelSummary"));
    assertEquals("typed but not read", window.text("#prompt"));
    assertFalse(transcript().isEmpty());
    window.press("#dismissBanner");
    window.await(() -> !window.node("#banner").isVisible());
  }

  @Test
  void themeAndPanesAreRememberedAtTheNextStart() throws Exception {
    robot.clickOn("#transcript").push(KeyCode.SHORTCUT, KeyCode.T);
    assertEquals(Theme.DARK, model().themeProperty().get());
    robot.push(KeyCode.SHORTCUT, KeyCode.DIGIT4);
    robot.push(KeyCode.F1);
    window.await(() -> window.node("#help").isVisible());
    robot.push(KeyCode.ESCAPE);
    window.await(() -> !window.node("#help").isVisible());
    window.close();
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
    assertEquals(Theme.DARK, model().themeProperty().get());
    assertFalse(model().shown(Pane.DECAY).get());
  }

  @Test
  void lookingAtATokenShowsWhatWasExpected() throws Exception {
    fast();
    window.press("#generate");
    window.await(() -> window.position() > 20);
    window.await(() -> window.text("#generate").equals("Generate"));
    DrivenWindow.on(() -> {
      window.node("#transcript").requestFocus();
      return null;
    });
    robot.push(KeyCode.LEFT).push(KeyCode.LEFT);
    window.await(() -> robot.lookup(".token-popup").tryQuery().isPresent());
    robot.push(KeyCode.SHORTCUT, KeyCode.A).push(KeyCode.SHORTCUT, KeyCode.C);
    String copied = DrivenWindow.on(() -> Clipboard.getSystemClipboard().getString());
    assertTrue(transcript().startsWith(copied.substring(0, 20)), copied);
  }

  private void fast() {
    DrivenWindow.on(() -> {
      model().generate().paceProperty().set(Double.POSITIVE_INFINITY);
      return null;
    });
  }

  private String transcript() {
    return DrivenWindow.on(() -> {
      var transcript = model().generate().transcript();
      return transcript.text(0, transcript.length());
    });
  }
}
