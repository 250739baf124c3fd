package rwkv.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import rwkv.app.chart.Png;

/** The real window, driven by a test. */
final class DrivenWindow implements AutoCloseable {

  private static final int PATIENCE = 90;

  private final Workbench program;
  private final Stage stage;

  private DrivenWindow(Workbench program, Stage stage) {
    this.program = program;
    this.stage = stage;
  }

  /**
   * Starts the program.
   *
   * @param settings where it keeps its settings
   */
  static DrivenWindow start(Path settings, String... arguments) throws TimeoutException {
    System.setProperty("rwkv.settings", settings.toString());
    Stage stage = FxToolkit.registerPrimaryStage();
    return new DrivenWindow(
        (Workbench) FxToolkit.setupApplication(Workbench.class, arguments), stage);
  }

  /** As the user closes it: what is to be remembered is. */
  @Override
  public void close() throws TimeoutException {
    FxToolkit.cleanupApplication(program);
  }

  WorkbenchViewModel model() {
    return program.model();
  }

  Scene scene() {
    return stage.getScene();
  }

  void size(double width, double height) {
    on(() -> {
      // The headless platform fails to paint what lies above or left of its screen.
      stage.setX(0);
      stage.setY(0);
      stage.setWidth(width);
      stage.setHeight(height);
      return null;
    });
    WaitForAsyncUtils.waitForFxEvents();
  }

  Node node(String selector) {
    Node node = scene().lookup(selector);
    if (node == null) {
      throw new AssertionError("nothing is " + selector);
    }
    return node;
  }

  String text(String selector) {
    return on(() ->
        node(selector) instanceof TextInputControl input
            ? input.getText()
            : ((Labeled) node(selector)).getText());
  }

  void write(String selector, String text) {
    on(() -> {
      ((TextInputControl) node(selector)).setText(text);
      return null;
    });
  }

  void press(String selector) {
    on(() -> {
      ((ButtonBase) node(selector)).fire();
      return null;
    });
  }

  /** Tokens in the state, as the status bar says. */
  int position() {
    String status = text("#statusState");
    return status.isEmpty() ? 0 : Integer.parseInt(status.split(" · ")[0].replaceAll("[^0-9]", ""));
  }

  /** Waits until it is so; asked on the JavaFX thread, whose lists change under all others. */
  void await(Callable<Boolean> condition) {
    try {
      WaitForAsyncUtils.waitFor(PATIENCE, TimeUnit.SECONDS, () -> on(condition));
    } catch (TimeoutException e) {
      failureScreenshot();
      throw new AssertionError("still not so; the window says: " + text("#bannerText"), e);
    }
    WaitForAsyncUtils.waitForFxEvents();
  }

  private void failureScreenshot() {
    try {
      screenshot(Path.of("target", "screenshots", "failure.png"));
    } catch (IOException | RuntimeException e) {
      System.err.println("no picture of the failure: " + e);
    }
  }

  void screenshot(Path file) throws IOException {
    WaitForAsyncUtils.waitForFxEvents(10);
    WritableImage image = on(() -> scene().snapshot(null));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Png.write(image, "RWKV Workbench", file);
  }

  static <T> T on(Callable<T> task) {
    if (Platform.isFxApplicationThread()) {
      try {
        return task.call();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return WaitForAsyncUtils.waitForAsyncFx(PATIENCE * 1000L, task);
  }
}
