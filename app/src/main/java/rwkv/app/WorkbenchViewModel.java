package rwkv.app;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import rwkv.app.chat.ChatViewModel;
import rwkv.app.cli.Build;
import rwkv.app.cli.TextFiles;
import rwkv.app.cursor.PlaceCursor;
import rwkv.app.decaylab.DecayLabViewModel;
import rwkv.app.decaylab.LabRunViewModel;
import rwkv.app.device.DeviceViewModel;
import rwkv.app.device.Devices;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.message.Messages;
import rwkv.app.open.ModelLoader;
import rwkv.app.open.OpenModel;
import rwkv.app.open.OpenViewModel;
import rwkv.app.open.Opened;
import rwkv.app.open.SampleModels;
import rwkv.app.open.TokenizerChoice;
import rwkv.app.open.TokenizerChooser;
import rwkv.app.plugins.BundledPlugins;
import rwkv.app.plugins.Plugins;
import rwkv.app.plugins.PluginsViewModel;
import rwkv.app.probe.ProbesViewModel;
import rwkv.app.probing.ProbeCatalog;
import rwkv.app.probing.ProbeRunner;
import rwkv.app.probing.RunStore;
import rwkv.app.tensors.TensorsViewModel;
import rwkv.app.theme.Theme;
import rwkv.app.train.RunsViewModel;
import rwkv.app.truth.TruthViewModel;
import rwkv.engine.backend.Backends;
import rwkv.engine.session.Command;
import rwkv.engine.session.Engine;

/** The window as data: its parts, and what they share. */
final class WorkbenchViewModel {

  /** For models whose folder suggests nothing. */
  static final String ANY_PROMPT = "The Eiffel Tower is in the city of";

  /** For models whose tokens stand for no text. */
  static final String ANY_TOKENS = "1 2 3 4";

  private final Messages messages = new Messages();
  private final OpenViewModel open;
  private final GenerateViewModel generate = new GenerateViewModel(messages);
  private final ChatViewModel chat = new ChatViewModel(generate);
  private final PlaceCursor place = new PlaceCursor();
  private final ObjectProperty<Theme> theme = new SimpleObjectProperty<>(Theme.LIGHT);
  private final ObjectProperty<Activity> activity = new SimpleObjectProperty<>(Activity.EXPLORE);
  private final Map<Pane, BooleanProperty> panes = new EnumMap<>(Pane.class);
  private final TruthViewModel truth;
  private final TensorsViewModel tensors;
  private final DecayLabViewModel decayLab = new DecayLabViewModel(messages);
  private final LabRunViewModel labRuns;
  private final RunsViewModel training;
  private final ProbesViewModel probes;
  private final PluginsViewModel plugins;
  private final DeviceViewModel device;
  private String suggested = "";

  /**
   * @param found the jars of the plugin folder
   * @param trainings where training runs have their folders
   * @param probeRuns where runs of probes have theirs
   */
  WorkbenchViewModel(
      ModelLoader loader,
      TokenizerChooser chooser,
      Plugins found,
      Path trainings,
      Path probeRuns,
      Executor background,
      Executor foreground) {
    open = new OpenViewModel(loader, chooser, background, foreground, messages);
    truth =
        new TruthViewModel(
            open.openedProperty(),
            Thread.ofPlatform().daemon().name("rwkv-truth")::start,
            foreground);
    tensors =
        new TensorsViewModel(
            open.openedProperty(),
            Thread.ofPlatform().daemon().name("rwkv-tensors")::start,
            foreground);
    labRuns =
        new LabRunViewModel(
            decayLab,
            open,
            generate,
            Thread.ofPlatform().daemon().name("rwkv-decay-lab")::start,
            foreground,
            messages);
    training =
        new RunsViewModel(
            decayLab::toCurve,
            trainings,
            new TextFiles(),
            Engine.defaultThreads(),
            background,
            foreground,
            messages,
            open::open);
    plugins =
        new PluginsViewModel(
            found,
            () -> BundledPlugins.find(Build.version()),
            Thread.ofPlatform().daemon().name("rwkv-plugins")::start,
            foreground,
            messages);
    found.listen(() -> foreground.execute(open.tokenizer()::refresh));
    probes =
        new ProbesViewModel(
            open.openedProperty(),
            new RunStore(probeRuns),
            new ProbeRunner(Build.version()),
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("rwkv-probes").factory()),
            foreground,
            messages);
    Runnable findProbes = () -> probes.find(() -> ProbeCatalog.load(found.probes()));
    found.listen(() -> foreground.execute(findProbes));
    findProbes.run();
    device =
        new DeviceViewModel(
            () -> Devices.of(Backends.installed()),
            open.devices(),
            open.openedProperty().map(now -> now == null ? null : now.model()),
            open::move,
            open.lostProperty(),
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("rwkv-device").factory()),
            foreground);
    device.find();
    for (Pane pane : Pane.values()) {
      panes.put(pane, new SimpleBooleanProperty(true));
    }
    open.openedProperty().subscribe(this::suggestPrompt);
  }

  Messages messages() {
    return messages;
  }

  OpenViewModel open() {
    return open;
  }

  GenerateViewModel generate() {
    return generate;
  }

  TruthViewModel truth() {
    return truth;
  }

  ChatViewModel chat() {
    return chat;
  }

  TensorsViewModel tensors() {
    return tensors;
  }

  DecayLabViewModel decayLab() {
    return decayLab;
  }

  LabRunViewModel labRuns() {
    return labRuns;
  }

  RunsViewModel training() {
    return training;
  }

  PluginsViewModel plugins() {
    return plugins;
  }

  DeviceViewModel device() {
    return device;
  }

  ProbesViewModel probes() {
    return probes;
  }

  PlaceCursor place() {
    return place;
  }

  ObjectProperty<Theme> themeProperty() {
    return theme;
  }

  ObjectProperty<Activity> activityProperty() {
    return activity;
  }

  /** Whether a pane is shown. */
  BooleanProperty shown(Pane pane) {
    BooleanProperty shown = panes.get(pane);
    if (shown == null) {
      throw new IllegalArgumentException(pane.title());
    }
    return shown;
  }

  /** Shows or hides a pane; the last one cannot be hidden. */
  void toggle(Pane pane) {
    boolean beside = pane == Pane.HEAD || pane == Pane.DECAY;
    if (activity.get() != Activity.CHAT || !beside) {
      activity.set(Activity.EXPLORE);
    }
    BooleanProperty shown = shown(pane);
    long others = panes.values().stream().filter(BooleanProperty::get).count();
    if (!shown.get() || others > 1) {
      shown.set(!shown.get());
    } else {
      messages.news("The last pane stays.");
    }
  }

  /** What the engine should prepare pictures of. */
  Command.Watch watch() {
    boolean wall = shown(Pane.WALL).get();
    boolean head = shown(Pane.HEAD).get();
    boolean decay = shown(Pane.DECAY).get();
    return new Command.Watch(
        wall || head, wall || decay, head, place.place().layer(), place.place().head());
  }

  private void suggestPrompt(@Nullable Opened opened) {
    String typed = generate.promptProperty().get();
    if (opened != null && !opened.goesOn() && (typed.isBlank() || typed.equals(suggested))) {
      OpenModel model = opened.model();
      suggested = SampleModels.promptFor(model.file()).orElse(anyPrompt(opened.tokenizer()));
      generate.promptProperty().set(suggested);
    }
  }

  /** A text, or, where a model's tokens stand for no text, some of its tokens. */
  private static String anyPrompt(@Nullable TokenizerChoice choice) {
    try {
      if (choice != null) {
        choice.tokenizer().encode(ANY_PROMPT);
      }
      return ANY_PROMPT;
    } catch (IllegalArgumentException e) {
      return ANY_TOKENS;
    }
  }
}
