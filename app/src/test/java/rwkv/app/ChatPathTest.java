package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.chat.ChatTurn;
import rwkv.app.prompt.PromptTemplates;

/** A talk in the real window, with the sample model. */
class ChatPathTest {

  @TempDir Path folder;

  private final FxRobot robot = new FxRobot();
  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("settings.json"),
        """
        {"window": {"x": 0, "y": 0, "width": 1000, "height": 900}, "pace": 0, "maxTokens": 12,
         "sampler": {"temperature": 1}}
        """);
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
  }

  @AfterEach
  void close() throws Exception {
    window.close();
  }

  private List<ChatTurn> turns() {
    return DrivenWindow.on(() -> List.copyOf(window.model().chat().turns()));
  }

  private void ended(int turns) {
    window.await(() -> turns().size() == turns && !turns().getLast().openProperty().get());
    window.await(() -> window.text("#chatSend").equals("Send"));
  }

  @Test
  void talkKeepTheStateDrawAgainAndBeginAnew() throws Exception {
    robot.clickOn("#railChat").clickOn("#chatDraft");
    robot.write("Anna is in the garden.").push(KeyCode.ENTER);
    ended(2);
    assertEquals("", window.text("#chatDraft"));
    assertEquals("Anna is in the garden.", turns().getFirst().textProperty().get());
    String first = turns().getLast().textProperty().get();
    assertFalse(first.isBlank());
    int position = window.position();

    robot.write("Where is Anna?").push(KeyCode.ENTER);
    ended(4);
    String read = window.text("#chatState").replaceAll(".*last turn read (\\d+), .*", "$1");
    assertTrue(Integer.parseInt(read) < 8, window.text("#chatState"));
    assertTrue(window.position() > position);
    assertTrue(window.text("#chatState").endsWith("nothing is fed again."));

    String second = turns().getLast().textProperty().get();
    robot.clickOn("#chatAgain");
    window.await(() -> !turns().getLast().textProperty().get().equals(second));
    ended(4);
    assertEquals(first, turns().get(1).textProperty().get());
    window.screenshot(Path.of("target", "screenshots", "chat.png"));

    robot.push(KeyCode.SHORTCUT, KeyCode.E);
    String text = transcript();
    assertTrue(text.startsWith("Anna is in the garden.") && text.contains(first), text);
    assertTrue(text.endsWith(turns().getLast().textProperty().get()), text);

    robot.push(KeyCode.SHORTCUT, KeyCode.K);
    robot.clickOn("#chatNew");
    window.await(() -> window.position() == 0 && turns().isEmpty());
  }

  @Test
  void aTemplateWritesTheTurnAndIsRemembered() throws Exception {
    robot.clickOn("#railChat");
    DrivenWindow.on(() -> {
      window.model().chat().templateProperty().set(PromptTemplates.find("chat").orElseThrow());
      return null;
    });
    robot.push(KeyCode.SHORTCUT, KeyCode.L);
    robot.write("Hi").push(KeyCode.ENTER);
    ended(2);
    String text = transcript();
    assertTrue(text.startsWith("User: Hi\n\nAssistant:"), text);
    assertEquals("Assistant", turns().getLast().speaker());
    window.close();
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
    assertEquals("chat", window.model().chat().templateProperty().get().id());
    assertTrue(window.model().generate().templateProperty().get().isPlain());
  }

  private String transcript() {
    return DrivenWindow.on(() -> {
      var transcript = window.model().generate().transcript();
      return transcript.text(0, transcript.length());
    });
  }
}
