package rwkv.app.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;

/**
 * The list of plugins, and what a person may do with them. Plugins are looked at, loaded and moved
 * on {@code worker}; everything else happens on the thread of {@code foreground}.
 */
public final class PluginsViewModel {

  private final Plugins plugins;
  private final Executor worker;
  private final Executor foreground;
  private final Messages messages;
  private final Supplier<List<PluginEntry>> bundled;
  private final ObservableList<PluginEntry> shown = FXCollections.observableArrayList();
  private final ObjectProperty<@Nullable PluginEntry> chosen = new SimpleObjectProperty<>();
  private final ReadOnlyObjectWrapper<@Nullable PluginJar> question = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable PluginJar> removed = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<List<PluginProbe>> probes =
      new ReadOnlyObjectWrapper<>(List.of());
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Set<PluginEntry> told = new HashSet<>();
  private boolean looked;
  private List<PluginEntry> own = List.of();

  /**
   * @param bundled those that come with the workbench; asked once, on {@code worker}
   * @param worker runs tasks in the background
   * @param foreground the JavaFX thread
   */
  public PluginsViewModel(
      Plugins plugins,
      Supplier<List<PluginEntry>> bundled,
      Executor worker,
      Executor foreground,
      Messages messages) {
    this.plugins = plugins;
    this.bundled = bundled;
    this.worker = worker;
    this.foreground = foreground;
    this.messages = messages;
    plugins.listen(() -> foreground.execute(this::arrange));
    arrange();
  }

  /** All plugins: first those that come with the workbench. */
  public ObservableList<PluginEntry> shown() {
    return FXCollections.unmodifiableObservableList(shown);
  }

  /** The one that is worked with; null if none is. */
  public ObjectProperty<@Nullable PluginEntry> chosenProperty() {
    return chosen;
  }

  /** The plugin about which a person is to say whether it may run; null if there is none. */
  public ReadOnlyObjectProperty<@Nullable PluginJar> questionProperty() {
    return question.getReadOnlyProperty();
  }

  /** What was removed last and can be put back; null if nothing. */
  public ReadOnlyObjectProperty<@Nullable PluginJar> removedProperty() {
    return removed.getReadOnlyProperty();
  }

  /** The probes of the plugins that take part. */
  public ReadOnlyObjectProperty<List<PluginProbe>> probesProperty() {
    return probes.getReadOnlyProperty();
  }

  /** Where the jars are; need not exist. */
  public Path folder() {
    return plugins.folder();
  }

  /**
   * Makes the folder, if it is not there yet.
   *
   * @param show shows it to a person
   */
  public void browse(Consumer<Path> show) {
    work(() -> {
      Path made = Files.createDirectories(plugins.folder());
      foreground.execute(() -> show.accept(made));
    });
  }

  /** Looks whether jars have come or gone, unless it is looking already. */
  public void look() {
    if (looking.compareAndSet(false, true)) {
      worker.execute(() -> {
        try {
          plugins.look();
        } finally {
          looking.set(false);
          foreground.execute(() -> looked = true);
        }
      });
    }
  }

  /** Finds out what comes with the workbench. */
  public void findBundled() {
    worker.execute(() -> {
      List<PluginEntry> found = bundled.get();
      foreground.execute(() -> {
        own = found;
        arrange();
      });
    });
  }

  /** The answer to {@link #questionProperty}. */
  public void answer(boolean isAllowed) {
    PluginJar asked = question.get();
    if (asked != null) {
      worker.execute(() -> plugins.allow(asked, isAllowed));
    }
  }

  /** The chosen plugin is to take part. */
  public void enable() {
    withChosen(entry -> plugins.enable(entry.jar()));
  }

  /** The chosen plugin is to take part no more. */
  public void disable() {
    withChosen(entry -> plugins.disable(entry.jar()));
  }

  /** Takes the chosen plugin out of the folder. */
  public void remove() {
    withChosen(entry -> {
      plugins.remove(entry.jar());
      foreground.execute(() -> {
        removed.set(entry.jar());
        messages.news("Removed " + entry.jar().name() + ".");
      });
    });
  }

  /** Puts the plugin that was removed last back. */
  public void restore() {
    PluginJar jar = removed.get();
    if (jar != null) {
      removed.set(null);
      work(() -> plugins.restore(jar));
    }
  }

  /** Copies a jar into the folder; whether it may run is then asked. */
  public void install(Path jar) {
    work(() -> {
      PluginJar installed = plugins.install(jar);
      foreground.execute(() -> messages.news("Installed " + installed.name() + "."));
    });
  }

  private void withChosen(Change change) {
    PluginEntry entry = chosen.get();
    if (entry != null && entry.state() != PluginState.BUNDLED) {
      work(() -> change.make(entry));
    }
  }

  private void work(Work work) {
    worker.execute(() -> {
      try {
        work.run();
      } catch (IOException | RuntimeException e) {
        foreground.execute(() -> messages.problem(Sentence.of(e), e));
      }
    });
  }

  private void arrange() {
    PluginEntry before = chosen.get();
    List<PluginEntry> found = plugins.entries();
    shown.setAll(own);
    shown.addAll(found);
    chosen.set(
        before == null
            ? null
            : shown.stream()
                .filter(entry -> entry.jar().file().equals(before.jar().file()))
                .findFirst()
                .orElse(null));
    question.set(
        found.stream()
            .filter(entry -> entry.state() == PluginState.WAITING)
            .map(PluginEntry::jar)
            .findFirst()
            .orElse(null));
    probes.set(plugins.probes());
    found.stream().filter(told::add).forEach(this::tell);
    told.retainAll(found);
  }

  /** What was so the last time too is no news. */
  private void tell(PluginEntry entry) {
    if (!looked && entry.state() != PluginState.WAITING) {
      return;
    }
    switch (entry.state()) {
      case WAITING ->
          messages.news(
              "Plugin %s was found; it waits under Plugins.".formatted(entry.jar().name()));
      case SET_ASIDE ->
          messages.problem(
              "Plugin %s is set aside. %s".formatted(entry.jar().name(), entry.reason()), null);
      case ENABLED ->
          messages.news(
              "Plugin %s takes part: %s.".formatted(entry.jar().name(), entry.offersInWords()));
      default -> {}
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  @FunctionalInterface
  private interface Change {
    void make(PluginEntry entry) throws IOException;
  }
}
