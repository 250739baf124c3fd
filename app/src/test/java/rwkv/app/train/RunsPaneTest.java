package rwkv.app.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;
import rwkv.app.message.Messages;
import rwkv.app.theme.Theme;
import rwkv.engine.model.Version;
import rwkv.engine.train.ModelPlan;
import rwkv.engine.train.task.Texts;

class RunsPaneTest extends ApplicationTest {

  @TempDir static Path folder;

  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private RunsViewModel runs;

  @Override
  public void start(Stage stage) {
    runs =
        new RunsViewModel(
            () -> ModelPlan.of(Version.V7, 2, 32, 16).officialDecays(),
            folder,
            Texts.NONE,
            1,
            background,
            Platform::runLater,
            new Messages(),
            _ -> {});
    Scene scene = new Scene(new RunsPane(runs), 1100, 640);
    Theme.LIGHT.applyTo(scene);
    stage.setScene(scene);
    stage.show();
  }

  @AfterEach
  void end() {
    runs.close();
    background.shutdown();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    WaitForAsyncUtils.waitFor(
        60, TimeUnit.SECONDS, () -> WaitForAsyncUtils.waitForAsyncFx(10_000, condition));
    WaitForAsyncUtils.waitForFxEvents();
  }

  private void type(String selector, String text) {
    interact(() -> lookup(selector).queryAs(TextField.class).setText(text));
  }

  private String readout(Node picture) {
    return ((Label) picture.getParent().lookup(".readout")).getText();
  }

  @Test
  void startSeeALossPointAndStop() throws Exception {
    type("#run-steps", "100000");
    type("#run-batch", "2");
    type("#run-layers", "1");
    clickOn("#runTrain");
    await(() -> runs.runs().size() == 2 && runs.runs().getFirst().steps() > 12);
    assertFalse(lookup("#runStop").query().isDisabled());
    Node loss =
        lookup(node -> "Smoothed loss of the runs by step".equals(node.getAccessibleText()))
            .query();
    moveTo(loss.localToScreen(60, 100));
    moveTo(loss.localToScreen(64, 104));
    await(() -> readout(loss).contains("run "));
    assertTrue(readout(loss).matches("step \\S+: run \\d \\d\\.\\d{3}.*"), readout(loss));

    clickOn("#runStop");
    RunViewModel stopped = runs.runs().getFirst();
    await(() -> stopped.state() == RunState.STOPPED);
    assertTrue(Files.exists(stopped.modelFile()));
    await(() -> !lookup("#runResume").query().isDisabled());
    assertTrue(runs.runs().getLast().state().isActive(), "the other one goes on");
  }

  @Test
  void aNumberThatCannotBeIsToldAndNothingStarts() throws IOException {
    type("#run-window", "0");
    assertTrue(lookup("#runTrain").query().isDisabled());
    assertEquals("window: from 1 to 1048576", lookup("#runProblem").queryAs(Label.class).getText());
    push(KeyCode.ESCAPE);
  }
}
