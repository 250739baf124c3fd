package rwkv.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import rwkv.app.plugins.JarMaker;
import rwkv.app.plugins.PluginState;
import rwkv.app.plugins.TemplateJar;

/** What the picture of the plugins shows. */
final class PluginScreens {

  private PluginScreens() {}

  /** One that was allowed, one that is no plugin, one that asks. */
  static void list(DrivenWindow window) throws IOException {
    window.press("#railPlugins");
    var plugins = window.model().plugins();
    Path folder = plugins.folder();
    TemplateJar.write(folder.resolve("rwkv-plugin-template-1.0.jar"));
    window.await(() -> plugins.questionProperty().get() != null);
    window.press("#pluginAllow");
    window.await(() -> plugins.questionProperty().get() == null);
    Files.writeString(folder.resolve("holiday.jar"), "nothing of the kind");
    JarMaker.probe("Echo")
        .says("Implementation-Title", "Echo chamber")
        .says("Implementation-Version", "1.2")
        .write(folder.resolve("echo.jar"));
    window.await(() -> plugins.questionProperty().get() != null);
    DrivenWindow.on(() -> {
      plugins.shown().stream()
          .filter(entry -> entry.state() == PluginState.SET_ASIDE)
          .findFirst()
          .ifPresent(plugins.chosenProperty()::set);
      window.model().messages().dismiss();
      return null;
    });
  }
}
