package rwkv.app.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.message.Messages;

/** The list of plugins without a window; everything happens at once. */
class PluginsViewModelTest {

  @TempDir Path home;

  private final Messages messages = new Messages();

  private PluginsViewModel open() {
    PluginsViewModel model =
        new PluginsViewModel(
            new Plugins(home.resolve("plugins"), Limits.USUAL, true),
            () -> BundledPlugins.find("0.1"),
            Runnable::run,
            Runnable::run,
            messages);
    model.look();
    return model;
  }

  private static List<String> states(PluginsViewModel model) {
    return model.shown().stream()
        .map(entry -> entry.jar().name() + ": " + entry.state().words())
        .toList();
  }

  @Test
  void thoseOfTheWorkbenchAreListedFirstAndCannotBeChanged() throws IOException {
    JarMaker.probe("Echo").write(home.resolve("plugins/echo.jar"));
    PluginsViewModel model = open();
    model.findBundled();
    PluginEntry tokenizers =
        model.shown().stream()
            .filter(entry -> entry.jar().name().equals("rwkv.tokenizers"))
            .findFirst()
            .orElseThrow();
    assertEquals(PluginState.BUNDLED, tokenizers.state());
    assertTrue(tokenizers.offers().contains("tokenizer world"), tokenizers.offers().toString());
    assertEquals("0.1", tokenizers.jar().version());
    assertEquals("echo.jar", model.shown().getLast().jar().name());
    model.chosenProperty().set(tokenizers);
    model.disable();
    model.remove();
    assertTrue(model.shown().contains(tokenizers));
  }

  @Test
  void everyNewPluginIsAskedAboutOnce() throws IOException {
    JarMaker.probe("Echo").write(home.resolve("plugins/a.jar"));
    JarMaker.probe("Other").write(home.resolve("plugins/b.jar"));
    PluginsViewModel model = open();
    assertEquals("a.jar", model.questionProperty().get().name());
    assertEquals("Plugin b.jar was found; it waits under Plugins.", messages.newsProperty().get());
    model.answer(true);
    assertEquals("b.jar", model.questionProperty().get().name());
    model.answer(false);
    assertNull(model.questionProperty().get());
    assertEquals(List.of("a.jar: enabled", "b.jar: disabled"), states(model));
    assertEquals(
        List.of("echo"),
        model.probesProperty().get().stream().map(plugin -> plugin.probe().id()).toList());
    assertNull(open().questionProperty().get(), "it was answered");
  }

  @Test
  void theChosenPluginStaysChosenWhileItChanges() throws IOException {
    JarMaker.probe("Echo").write(home.resolve("plugins/echo.jar"));
    PluginsViewModel model = open();
    model.answer(true);
    model.chosenProperty().set(model.shown().getFirst());
    model.disable();
    assertEquals(PluginState.DISABLED, model.chosenProperty().get().state());
    model.enable();
    assertEquals(PluginState.ENABLED, model.chosenProperty().get().state());
    model.remove();
    assertNull(model.chosenProperty().get());
    assertEquals("echo.jar", model.removedProperty().get().name());
    model.restore();
    assertNull(model.removedProperty().get());
    assertEquals(List.of("echo.jar: enabled"), states(model));
  }

  @Test
  void whatIsNoPluginIsToldAboutAndNotInstalled() throws IOException {
    PluginsViewModel model = open();
    Path file = Files.writeString(home.resolve("notes.jar"), "nothing");
    model.install(file);
    assertEquals(
        "notes.jar is no jar: it cannot be read as a zip file.", messages.problemProperty().get());
    assertEquals(List.of(), model.shown());
  }

  @Test
  void anInstalledPluginIsAskedAbout() throws IOException {
    PluginsViewModel model = open();
    model.install(JarMaker.probe("Echo").write(home.resolve("download/echo.jar")));
    assertEquals("echo.jar", model.questionProperty().get().name());
    model.answer(true);
    assertEquals("Plugin echo.jar takes part: probe echo.", messages.newsProperty().get());
  }

  @Test
  void aPluginThatFailsIsNamed() throws IOException {
    PluginsViewModel model = open();
    model.install(
        JarMaker.probe("Bad", "public String name() { return null; }")
            .write(home.resolve("download/bad.jar")));
    model.answer(true);
    assertTrue(
        messages
            .problemProperty()
            .get()
            .startsWith("Plugin bad.jar is set aside. It failed while it was loaded: "),
        messages.problemProperty().get());
    assertEquals(List.of("bad.jar: set aside"), states(model));
  }
}
