package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.scene.input.Clipboard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import rwkv.app.plugins.JarMaker;
import rwkv.app.plugins.PluginEntry;
import rwkv.app.plugins.PluginState;
import rwkv.app.plugins.TemplateJar;
import rwkv.plugin.TokenizerProvider.Offer;

/** A plugin on its way into the running window and out of it again. */
class PluginsPathTest {

  @TempDir Path folder;

  private final FxRobot robot = new FxRobot();
  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("settings.json"),
        "{\"window\": {\"x\": 0, \"y\": 0, \"width\": 1100, \"height\": 900}}");
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
  }

  @AfterEach
  void close() throws Exception {
    window.close();
  }

  private List<PluginEntry> jars() {
    return window.model().plugins().shown().stream()
        .filter(entry -> entry.state() != PluginState.BUNDLED)
        .toList();
  }

  private boolean is(PluginState state) {
    return jars().size() == 1 && jars().getFirst().state() == state;
  }

  @Test
  void aJarInTheFolderIsNoticedAskedAboutListedAndRemoved() throws Exception {
    robot.clickOn("#railPlugins");
    assertEquals(Activity.PLUGINS, window.model().activityProperty().get());
    window.await(() -> window.model().plugins().shown().size() >= 2);
    assertFalse(window.node("#pluginConsent").isVisible(), "those of the workbench may run");

    TemplateJar.write(folder.resolve("plugins/template.jar"));
    window.await(() -> is(PluginState.WAITING) && window.node("#pluginConsent").isVisible());
    assertEquals("May Template plugin run?", window.text("#pluginTitle"));
    assertTrue(window.text("#pluginQuestion").contains("with your rights"));
    window.screenshot(Path.of("target", "screenshots", "plugins-consent.png"));

    robot.clickOn("#pluginAllow");
    window.await(() -> is(PluginState.ENABLED));
    assertFalse(window.node("#pluginConsent").isVisible());
    PluginEntry entry = DrivenWindow.on(() -> jars().getFirst());
    assertEquals(List.of("probe second-reading", "tokenizer latin1"), entry.offers());
    DrivenWindow.on(() -> {
      window.model().plugins().chosenProperty().set(entry);
      return null;
    });
    robot.clickOn("#pluginCopy");
    assertEquals(
        entry.jar().sha256(), DrivenWindow.on(() -> Clipboard.getSystemClipboard().getString()));

    robot.clickOn("#pluginDisable");
    window.await(() -> is(PluginState.DISABLED));
    robot.clickOn("#pluginEnable");
    window.await(() -> is(PluginState.ENABLED));
    robot.clickOn("#pluginRemove");
    window.await(() -> jars().isEmpty() && window.node("#pluginRestore").isVisible());
    robot.clickOn("#pluginRestore");
    window.await(() -> is(PluginState.ENABLED));
    assertFalse(window.node("#banner").isVisible(), window.text("#bannerText"));
  }

  @Test
  void aTokenizerThatWasAllowedIsOfferedForTheOpenModel() throws IOException {
    int vocabulary =
        DrivenWindow.on(
            () -> window.model().open().openedProperty().get().model().spec().vocabulary());
    JarMaker.tokenizer(
            "Guess",
            "public List<Offer> offers(ModelHint model) {",
            "return List.of(new Offer(id(), Optional.empty(), 0, \"a guess\")); }",
            "public Tokenizer create(Optional<Path> file) { return new Tokenizer() {",
            "public String name() { return \"Guess\"; }",
            "public int vocabularySize() { return " + vocabulary + "; }",
            "public int[] encode(String text) { return text.chars().map(c -> 1).toArray(); }",
            "public byte[] bytes(int token) { return new byte[] {65}; } }; }")
        .write(folder.resolve("plugins/guess.jar"));
    window.await(() -> is(PluginState.WAITING));
    DrivenWindow.on(() -> {
      window.model().plugins().answer(true);
      return null;
    });
    window.await(() -> guess().isPresent());
    DrivenWindow.on(() -> {
      window.model().open().tokenizer().choose(guess().orElseThrow());
      return null;
    });
    window.await(() ->
        window
            .model()
            .open()
            .openedProperty()
            .get()
            .tokenizer()
            .tokenizer()
            .name()
            .equals("Guess"));
  }

  private Optional<Offer> guess() {
    return window.model().open().tokenizer().offersProperty().get().stream()
        .filter(offer -> offer.provider().equals("guess"))
        .findFirst();
  }
}
