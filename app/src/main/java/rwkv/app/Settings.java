package rwkv.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.app.prompt.PromptTemplates;
import rwkv.app.theme.Theme;
import rwkv.engine.backend.Backends;
import rwkv.engine.sampling.SamplerSettings;

/**
 * What the workbench remembers from one start to the next.
 *
 * @param window where the window was; null for wherever the system puts it
 * @param dividers positions of the dividers of each split pane, by its name
 * @param hidden panes that are not shown
 * @param pace tokens a second, infinite for no limit
 * @param maxTokens of one generation
 * @param template how a prompt is written, by its id
 * @param chatTemplates how a model is talked to, by the model's name
 * @param samplerShown whether the sampler's fields are shown
 * @param lastModel the model that was open
 * @param lastFolder where the file chooser was
 * @param device what models compute on, as in "auto" or "cuda:0"
 * @param devices the same for models for which it was picked
 */
record Settings(
    @Nullable Bounds window,
    Theme theme,
    Map<String, List<Double>> dividers,
    List<String> hidden,
    SamplerSettings sampler,
    double pace,
    int maxTokens,
    String template,
    Map<String, String> chatTemplates,
    boolean samplerShown,
    @Nullable Path lastModel,
    @Nullable Path lastFolder,
    List<Path> recents,
    String device,
    Map<Path, String> devices) {

  /** A fresh start. */
  static final Settings FIRST =
      new Settings(
          null,
          Theme.LIGHT,
          Map.of(),
          List.of(),
          SamplerSettings.DEFAULT,
          10,
          400,
          PromptTemplates.PLAIN.id(),
          Map.of(),
          false,
          null,
          null,
          List.of(),
          Backends.AUTO,
          Map.of());

  Settings {
    dividers = Map.copyOf(dividers);
    hidden = List.copyOf(hidden);
    chatTemplates = Map.copyOf(chatTemplates);
    recents = List.copyOf(recents);
    devices = Map.copyOf(devices);
  }

  /** A window on the screen. */
  record Bounds(double x, double y, double width, double height, boolean maximized) {}
}
