package rwkv.app;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import rwkv.app.Settings.Bounds;
import rwkv.app.open.Opened;
import rwkv.app.prompt.PromptTemplates;

/** Takes the window's arrangement out of the settings and puts it back. */
final class Memory {

  private final Stage stage;
  private final WorkbenchViewModel workbench;
  private final MainWindow window;
  private @Nullable Bounds normal;

  Memory(Stage stage, WorkbenchViewModel workbench, MainWindow window) {
    this.stage = stage;
    this.workbench = workbench;
    this.window = window;
  }

  void restore(Settings settings) {
    Bounds bounds = settings.window();
    if (bounds != null && isOnScreen(bounds)) {
      stage.setX(bounds.x());
      stage.setY(bounds.y());
      stage.setWidth(bounds.width());
      stage.setHeight(bounds.height());
      stage.setMaximized(bounds.maximized());
      normal = bounds;
    }
    workbench.themeProperty().set(settings.theme());
    workbench.generate().sampler().set(settings.sampler(), settings.maxTokens());
    workbench.generate().paceProperty().set(settings.pace());
    PromptTemplates.find(settings.template())
        .ifPresent(workbench.generate().templateProperty()::set);
    workbench.chat().remember(settings.chatTemplates());
    workbench.open().recents().set(settings.recents());
    workbench.open().devices().set(settings.device(), settings.devices());
    Arrays.stream(Pane.values())
        .filter(pane -> settings.hidden().contains(pane.name()))
        .limit(Pane.values().length - 1)
        .forEach(pane -> workbench.shown(pane).set(false));
    window.explore().setDividers(settings.dividers());
    window.tensors().setDividers(settings.dividers().getOrDefault("tensors", List.of()));
    window.explore().text().samplerToggle().setSelected(settings.samplerShown());
    window.fileChooser().startIn(settings.lastFolder());
  }

  Settings collect() {
    if (!stage.isMaximized() && !stage.isIconified() && stage.getWidth() > 0) {
      normal = new Bounds(stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), false);
    }
    Bounds at = normal;
    Opened opened = workbench.open().openedProperty().get();
    Map<String, List<Double>> dividers = new HashMap<>(window.explore().dividers());
    dividers.put("tensors", window.tensors().dividers());
    return new Settings(
        at == null
            ? null
            : new Bounds(at.x(), at.y(), at.width(), at.height(), stage.isMaximized()),
        workbench.themeProperty().get(),
        dividers,
        Arrays.stream(Pane.values())
            .filter(pane -> !workbench.shown(pane).get())
            .map(Enum::name)
            .toList(),
        workbench.generate().sampler().settingsProperty().get(),
        workbench.generate().paceProperty().get(),
        workbench.generate().sampler().mostTokens(),
        workbench.generate().templateProperty().get().id(),
        workbench.chat().chosen(),
        window.explore().text().samplerToggle().isSelected(),
        opened == null ? null : absolute(opened.model().file()),
        window.fileChooser().folder(),
        workbench.open().recents().files(),
        workbench.open().devices().usualProperty().get(),
        workbench.open().devices().ofFiles());
  }

  private static Path absolute(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /** Whether enough of a window can be seen and moved on the screens there are today. */
  private static boolean isOnScreen(Bounds bounds) {
    return Screen.getScreens().stream()
        .map(Screen::getVisualBounds)
        .anyMatch(screen -> overlap(screen, bounds));
  }

  private static boolean overlap(Rectangle2D screen, Bounds bounds) {
    return screen.intersects(
        bounds.x() + bounds.width() * 0.25, bounds.y(), bounds.width() * 0.5, 40);
  }
}
