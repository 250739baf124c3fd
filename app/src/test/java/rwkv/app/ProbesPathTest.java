package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.TabPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.plugins.PluginProbe;
import rwkv.app.probe.CountingProbe;
import rwkv.app.probe.ProbeRunViewModel;
import rwkv.app.probe.ProbesViewModel;
import rwkv.app.probing.ProbeCatalog;

/** Through the probes of the real window, with a sample model and a probe that counts. */
class ProbesPathTest {

  @TempDir Path folder;

  private final FxRobot robot = new FxRobot();
  private final CountingProbe counting = new CountingProbe(2);
  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("settings.json"),
        "{\"window\": {\"x\": 0, \"y\": 0, \"width\": 1100, \"height\": 900}}");
    open();
  }

  private void open() throws Exception {
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
    robot.clickOn("#railProbes");
    window.await(() -> !probes().probes().isEmpty());
    DrivenWindow.on(() -> {
      probes().offer(ProbeCatalog.of(List.of(new PluginProbe(counting, "a test"))).entries());
      return null;
    });
    window.await(() -> probes().problemProperty().get().isEmpty());
  }

  @AfterEach
  void close() throws Exception {
    window.close();
  }

  private ProbesViewModel probes() {
    return window.model().probes();
  }

  private int rows(ProbeRunViewModel run) {
    return run.run().result().tables().stream().mapToInt(table -> table.rowCount()).sum();
  }

  /** What the charts say about the mouse. */
  private String readout(Node picture) {
    return ((Labeled) picture.getParent().getParent().getParent().lookup(".readout")).getText();
  }

  @Test
  void runSeeRowsCancelAndFindItAfterARestart() throws Exception {
    robot.clickOn("#probeHow");
    assertEquals("They are drawn from the seed.", window.text("#probeMethod"));
    window.write("#probe-rows", "0");
    assertTrue(window.node("#probeRun").isDisabled());
    assertEquals("rows: from 1 to 1000", window.text("#probeProblem"));
    window.write("#probe-rows", "9");
    robot.clickOn("#probeRun");
    window.await(() -> probes().runs().size() == 1 && rows(probes().runs().getFirst()) == 4);
    ProbeRunViewModel run = probes().runs().getFirst();
    assertTrue(run.isRunning());
    window.press("#step");
    window.await(() -> window.position() > 0);
    assertTrue(run.isRunning(), "generating goes on beside it");

    Node picture = robot.lookup(node -> "Numbers".equals(node.getAccessibleText())).query();
    double width = DrivenWindow.on(() -> picture.getLayoutBounds().getWidth());
    for (double x = 60; x < width && readout(picture).isEmpty(); x += 8) {
      robot.moveTo(DrivenWindow.on(() -> picture).localToScreen(x, 40));
    }
    window.screenshot(Path.of("target", "screenshots", "probes.png"));
    robot.clickOn("#probeCancel");
    window.await(() -> !run.isRunning());
    assertEquals("cancelled", run.state());
    assertEquals(4, rows(run), "what was there is kept");

    counting.allow(100);
    robot.clickOn("#probeRun");
    window.await(() -> probes().runs().size() == 2 && !probes().runs().getFirst().isRunning());
    assertEquals("There were 9 numbers.", window.text("#probeVerdict"));
    assertFalse(window.node("#banner").isVisible(), window.text("#bannerText"));

    window.close();
    open();
    window.await(() -> probes().runs().size() == 2);
    assertEquals("done", probes().runs().getFirst().state());
    assertEquals("cancelled", probes().runs().getLast().state());
    window.await(() -> window.text("#probeVerdict").equals("There were 9 numbers."));
    DrivenWindow.on(() -> {
      probes().chosen().setAll(probes().runs());
      ((TabPane) window.node("#probeTabs")).getSelectionModel().select(1);
      return null;
    });
    window.await(() -> window.text("#probeVerdict").lines().count() == 2);
  }
}
