package rwkv.app.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding, allowing, disabling and removing plugins. */
class PluginsTest {

  private static final String RAN = "rwkv.test.ran";

  @TempDir Path home;

  private Path folder() {
    return home.resolve("plugins");
  }

  private Plugins open() {
    Plugins plugins = new Plugins(folder(), Limits.USUAL, true);
    plugins.look();
    return plugins;
  }

  private static List<String> states(Plugins plugins) {
    return plugins.entries().stream()
        .map(entry -> entry.jar().name() + ": " + entry.state().words())
        .toList();
  }

  private static PluginJar only(Plugins plugins) {
    assertEquals(1, plugins.entries().size());
    return plugins.entries().getFirst().jar();
  }

  @Test
  void withoutAFolderThereAreNoPlugins() {
    assertEquals(List.of(), open().entries());
    assertFalse(Files.exists(folder()), "looking makes nothing");
  }

  @Test
  void nothingOfAJarRunsBeforeItIsAllowed() throws IOException {
    System.clearProperty(RAN);
    JarMaker.probe("Echo", "static { System.setProperty(\"" + RAN + "\", \"yes\"); }")
        .says("Implementation-Title", "Echo chamber")
        .says("Implementation-Version", "1.2")
        .write(folder().resolve("echo.jar"));
    Plugins plugins = open();
    PluginJar jar = only(plugins);
    assertEquals(List.of("Echo chamber: waits for consent"), states(plugins));
    assertEquals(List.of("probe Echo"), plugins.entries().getFirst().offers());
    assertEquals("1.2", jar.version());
    assertEquals("1", jar.api());
    assertEquals(64, jar.sha256().length());
    assertEquals(List.of(), plugins.probes());
    assertNull(System.getProperty(RAN));

    plugins.allow(jar, true);
    assertEquals("yes", System.getProperty(RAN));
    assertEquals("echo", plugins.probes().getFirst().probe().id());
    assertEquals("Echo chamber 1.2 (echo.jar)", plugins.probes().getFirst().origin());
    assertEquals(List.of("probe echo"), plugins.entries().getFirst().offers());
  }

  @Test
  void consentIsRememberedForTheSameBytesOnly() throws IOException {
    Path file = JarMaker.probe("Echo").write(folder().resolve("echo.jar"));
    Plugins first = open();
    first.allow(only(first), true);
    assertEquals(1, Plugins.load(folder()).probes().size(), "as commands see it");
    Files.move(file, folder().resolve("renamed.jar"));
    assertEquals(List.of("renamed.jar: enabled"), states(open()));
    JarMaker.probe("Echo", "public String name() { return \"Other\"; }").write(file);
    Files.delete(folder().resolve("renamed.jar"));
    assertEquals(List.of("echo.jar: waits for consent"), states(open()));
  }

  @Test
  void whatIsDeclinedIsAskedAboutAgainOnlyWhenEnabled() throws IOException {
    JarMaker.probe("Echo").write(folder().resolve("echo.jar"));
    Plugins plugins = open();
    plugins.allow(only(plugins), false);
    assertEquals(List.of("echo.jar: disabled"), states(open()));
    plugins.enable(only(plugins));
    assertEquals(List.of("echo.jar: waits for consent"), states(open()));
    assertEquals(List.of(), plugins.probes());
  }

  @Test
  void aDisabledPluginTakesNoPartUntilItIsEnabled() throws IOException {
    JarMaker.probe("Echo").write(folder().resolve("echo.jar"));
    Plugins plugins = open();
    plugins.allow(only(plugins), true);
    plugins.disable(only(plugins));
    assertEquals(List.of(), plugins.probes());
    assertEquals(List.of("echo.jar: disabled"), states(open()));
    plugins.enable(only(plugins));
    assertEquals(1, plugins.probes().size());
    assertEquals(1, open().probes().size());
  }

  @Test
  void aRemovedPluginCanBePutBack() throws IOException {
    JarMaker.probe("Echo").write(folder().resolve("echo.jar"));
    Plugins plugins = open();
    PluginJar jar = only(plugins);
    plugins.allow(jar, true);
    plugins.remove(jar);
    assertEquals(List.of(), plugins.entries());
    assertEquals(List.of(), plugins.probes());
    assertEquals(List.of(), open().entries());
    plugins.restore(jar);
    assertEquals(1, plugins.probes().size());
  }

  @Test
  void installingCopiesAPluginAndRefusesOtherFiles() throws IOException {
    Path jar = JarMaker.probe("Echo").write(home.resolve("elsewhere/echo.jar"));
    Plugins plugins = open();
    plugins.install(jar);
    assertEquals(List.of("echo.jar: waits for consent"), states(plugins));
    assertTrue(Files.exists(jar));
    Path next = JarMaker.probe("Next").write(home.resolve("newer/echo.jar"));
    PluginJar installed = plugins.install(next);
    assertEquals(List.of("probe Next"), only(plugins).offers());
    plugins.install(installed.file());
    assertEquals(installed, only(plugins));
    Path text = Files.writeString(home.resolve("notes.jar"), "no jar");
    String refusal = assertThrows(IOException.class, () -> plugins.install(text)).getMessage();
    assertEquals("notes.jar is no jar: it cannot be read as a zip file.", refusal);
    assertEquals(1, plugins.entries().size());
  }

  @Test
  void aJarThatComesLaterIsNoticedOnceItIsWhole() throws IOException {
    Plugins plugins = open();
    AtomicInteger told = new AtomicInteger();
    plugins.listen(told::incrementAndGet);
    Path whole = JarMaker.probe("Echo").write(home.resolve("echo.jar"));
    Path file = folder().resolve("echo.jar");
    Files.createDirectories(folder());
    Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(whole), 100));
    plugins.look();
    assertEquals(List.of(), plugins.entries(), "it may still be growing");
    Files.write(file, Files.readAllBytes(whole));
    plugins.look();
    assertEquals(List.of(), plugins.entries());
    plugins.look();
    assertEquals(List.of("echo.jar: waits for consent"), states(plugins));
    assertEquals(1, told.get());
    plugins.look();
    assertEquals(1, told.get(), "nothing has changed");
    Files.delete(file);
    plugins.look();
    assertEquals(List.of(), plugins.entries());
  }

  @Test
  void theSameJarTwiceIsOnePlugin() throws IOException {
    Path file = JarMaker.probe("Echo").write(folder().resolve("a.jar"));
    Files.copy(file, folder().resolve("b.jar"));
    Plugins plugins = open();
    plugins.allow(plugins.entries().getFirst().jar(), true);
    assertEquals(List.of("a.jar: enabled", "b.jar: set aside"), states(plugins));
    assertEquals("b.jar is the same as a.jar.", plugins.entries().getLast().reason());
    assertEquals(1, plugins.probes().size());
  }

  @Test
  void notesThatCannotBeReadMeanThatNothingWasAllowed() throws IOException {
    JarMaker.probe("Echo").write(folder().resolve("echo.jar"));
    Plugins plugins = open();
    plugins.allow(only(plugins), true);
    Files.writeString(folder().resolve("plugins.json"), "{\"broken");
    assertEquals(List.of("echo.jar: waits for consent"), states(open()));
  }
}
