package rwkv.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import rwkv.app.open.EngineLoader;
import rwkv.app.open.SampleModels;
import rwkv.app.open.TokenizerChooser;
import rwkv.app.plugins.Limits;
import rwkv.app.plugins.Plugins;
import rwkv.app.theme.Theme;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.Tokenizers;

/** The window's life: from the settings of last time to those of next time. */
public final class Workbench extends Application {

  /** How often the plugin folder is looked at. */
  private static final double LOOK_SECONDS = 1;

  private final SettingsFile file = SettingsFile.usual();
  private final FxBridge bridge = new FxBridge();
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("rwkv-background").factory());
  private @Nullable Memory memory;
  private @Nullable WorkbenchViewModel model;

  @Override
  public void start(Stage stage) {
    Settings settings = file.load();
    WorkbenchViewModel workbench = create();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
        bridge.executor().execute(() -> workbench.messages().uncaught(thread.getName(), failure)));
    MainWindow window =
        new MainWindow(
            workbench,
            bridge,
            background,
            folder -> getHostServices().showDocument(folder.toUri().toString()));
    Memory remembered = new Memory(stage, workbench, window);
    Scene scene = new Scene(window, 1280, 800);
    workbench.themeProperty().subscribe((Theme theme) -> theme.applyTo(scene));
    Keyboard.install(scene, workbench, window);
    stage.setTitle("RWKV Workbench");
    stage.setMinWidth(900);
    stage.setMinHeight(560);
    stage.setScene(scene);
    remembered.restore(settings);
    model = workbench;
    memory = remembered;
    Path first = firstModel(settings);
    stage.show();
    if (first != null) {
      workbench.open().open(first);
    }
    workbench.plugins().findBundled();
    bridge.regularly(LOOK_SECONDS, workbench.plugins()::look);
  }

  /** What the window shows; null before {@link #start}. */
  @Nullable WorkbenchViewModel model() {
    return model;
  }

  private WorkbenchViewModel create() {
    Tokenizers tokenizers =
        Tokenizers.load(
            ServiceLoader.load(TokenizerProvider.class, TokenizerProvider.class.getClassLoader()));
    Path folder = SettingsFile.pluginFolder();
    Plugins plugins = new Plugins(folder, Limits.USUAL, true);
    // Before the first model, whose tokenizer may be a plugin's.
    background.execute(plugins::look);
    TokenizerChooser chooser =
        new TokenizerChooser(() -> tokenizers.with(plugins.tokenizers()), List.of(folder));
    return new WorkbenchViewModel(
        new EngineLoader(chooser),
        chooser,
        plugins,
        SettingsFile.dataFolder().resolve("training"),
        SettingsFile.dataFolder().resolve("probes"),
        background,
        bridge.executor());
  }

  /** The one on the command line, the one of last time, or a sample. */
  private @Nullable Path firstModel(Settings settings) {
    List<String> arguments = getParameters().getUnnamed();
    if (!arguments.isEmpty()) {
      return Path.of(arguments.getFirst());
    }
    Path last = settings.lastModel();
    return last != null && Files.isRegularFile(last) ? last : SampleModels.first().orElse(null);
  }

  @Override
  public void stop() {
    if (memory != null) {
      file.save(memory.collect());
    }
    if (model != null) {
      model.training().close();
      model.probes().close();
      model.open().close();
    }
    bridge.close();
    background.shutdown();
  }
}
