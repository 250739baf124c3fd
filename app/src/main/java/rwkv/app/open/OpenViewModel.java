package rwkv.app.open;

import static java.util.Objects.requireNonNull;
import static rwkv.engine.backend.Backends.AUTO;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;
import rwkv.app.device.DeviceChoice;
import rwkv.app.device.DevicePicks;
import rwkv.app.message.Messages;
import rwkv.app.message.Messages.Remedy;
import rwkv.app.message.Sentence;
import rwkv.app.open.ModelLoader.Loaded;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.checkpoint.CheckpointException;

/**
 * The open model and the way to another one. Loading happens on {@code background}, everything else
 * on the thread of {@code foreground}; until a load has succeeded the open model stays.
 */
public final class OpenViewModel {

  private final ModelLoader loader;
  private final Executor background;
  private final Executor foreground;
  private final Messages messages;
  private final RecentFiles recents = new RecentFiles();
  private final DevicePicks devices = new DevicePicks();
  private final TokenizerViewModel tokenizer;
  private final ReadOnlyObjectWrapper<@Nullable Opened> opened = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable InitialState> initial =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper loading = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper loadingName = new ReadOnlyStringWrapper("");
  private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper();
  private final ReadOnlyBooleanWrapper moving = new ReadOnlyBooleanWrapper();
  private final ReadOnlyBooleanWrapper lost = new ReadOnlyBooleanWrapper();
  private @Nullable SessionPort running;
  private @Nullable Attempt attempt;

  /**
   * @param background runs its tasks one after the other
   * @param foreground the JavaFX thread
   */
  public OpenViewModel(
      ModelLoader loader,
      TokenizerChooser chooser,
      Executor background,
      Executor foreground,
      Messages messages) {
    this.loader = loader;
    this.background = background;
    this.foreground = foreground;
    this.messages = messages;
    this.tokenizer = new TokenizerViewModel(chooser, opened, background, foreground, messages);
  }

  /** The open model with its tokenizer; null until one has been opened. */
  public ReadOnlyObjectProperty<@Nullable Opened> openedProperty() {
    return opened.getReadOnlyProperty();
  }

  /** The state from a file that texts begin with; null if the model's own. */
  public ReadOnlyObjectProperty<@Nullable InitialState> initialStateProperty() {
    return initial.getReadOnlyProperty();
  }

  /** Texts begin with the model's own state again. */
  public void forgetInitialState() {
    if (moving.get()) {
      cancel();
    }
    initial.set(null);
  }

  public ReadOnlyBooleanProperty loadingProperty() {
    return loading.getReadOnlyProperty();
  }

  /** The name of the model being loaded. */
  public ReadOnlyStringProperty loadingNameProperty() {
    return loadingName.getReadOnlyProperty();
  }

  /** How far loading has come, 0 to 1. */
  public ReadOnlyDoubleProperty progressProperty() {
    return progress.getReadOnlyProperty();
  }

  /** Whether the open model is on its way to another device: its text rests. */
  public ReadOnlyBooleanProperty movingProperty() {
    return moving.getReadOnlyProperty();
  }

  /** Whether the open model's device has failed: its text can be read, and go on elsewhere. */
  public ReadOnlyBooleanProperty lostProperty() {
    return lost.getReadOnlyProperty();
  }

  /** Which devices models are opened on. */
  public DevicePicks devices() {
    return devices;
  }

  public RecentFiles recents() {
    return recents;
  }

  /** The tokenizer of the open model. */
  public TokenizerViewModel tokenizer() {
    return tokenizer;
  }

  /**
   * Loads a model, or the initial state of the open one; what is being loaded is given up for it.
   */
  public void open(Path file) {
    cancel();
    begin(new Attempt(file, devices.of(file), opened.get(), null), ModelName.of(file));
  }

  /** Loads a model on a device, which is remembered as that model's if it can be opened there. */
  public void openOn(Path file, String device) {
    cancel();
    Attempt next = new Attempt(file, device, null, null);
    next.picked = true;
    begin(next, ModelName.of(file));
  }

  /**
   * Opens the open model on another device, or on the same if that had failed; its text goes on
   * there. Until then the model stays where it is.
   *
   * @param device its id, as in "auto" or "cuda:0"
   */
  public void move(String device) {
    Opened now = opened.get();
    if (now == null) {
      return;
    }
    cancel();
    Attempt next =
        new Attempt(
            now.model().file(), device, now, new Relocation(now.model(), running, lost.get()));
    next.picked = true;
    moving.set(true);
    begin(next, now.model().name() + " on " + device);
  }

  /** The session that runs on the open model from now on; null for none. */
  public void runs(@Nullable SessionPort port) {
    running = port;
  }

  /**
   * The device of the running session has refused or failed.
   *
   * @param sentence that names it
   * @param isLost whether it has failed for good
   */
  public void deviceFailed(String sentence, boolean isLost) {
    Opened now = opened.get();
    if (now == null) {
      return;
    }
    lost.set(lost.get() || isLost);
    String said = Sentence.closed(sentence);
    messages.problem(
        isLost ? said + " The text so far is kept." : said,
        null,
        isLost ? remediesOfLost(now.model()) : List.of(onCpu(() -> move(DeviceChoice.CPU))));
  }

  private List<Remedy> remediesOfLost(OpenModel model) {
    String device = model.backend();
    return List.of(
        onCpu(() -> move(DeviceChoice.CPU)),
        new Remedy("Open again on " + device, () -> move(device)));
  }

  private static Remedy onCpu(Runnable action) {
    return new Remedy("Open on the CPU", action);
  }

  private void begin(Attempt next, String name) {
    attempt = next;
    progress.set(0);
    loadingName.set(name);
    loading.set(true);
    background.execute(() -> load(next));
  }

  /**
   * A model takes the place of the open one and keeps its tokenizer. If another has been opened in
   * the meantime, the new one is closed.
   */
  public void replace(OpenModel old, OpenModel next) {
    Opened now = opened.get();
    if (now != null && now.model() == old) {
      change(new Opened(next, now.tokenizer()));
    } else {
      background.execute(next::close);
    }
  }

  /** Gives up loading. */
  public void cancel() {
    if (attempt != null) {
      attempt.cancelled = true;
      messages.news("Loading " + loadingName.get() + " was cancelled.");
    }
    finish();
  }

  /** Closes the open model, in the background. */
  public void close() {
    cancel();
    change(null);
  }

  private void load(Attempt mine) {
    try {
      if (mine.way != null) {
        loadElsewhere(mine);
        return;
      }
      Opened now = mine.before;
      Optional<InitialState> state =
          now == null ? Optional.empty() : loader.state(mine.file, now.model().spec());
      if (state.isPresent()) {
        foreground.execute(() -> stateArrived(mine, state.get()));
        return;
      }
      Loaded loaded = loader.load(mine.file, mine.device, done -> report(mine, done));
      foreground.execute(() -> arrived(mine, loaded));
    } catch (CancellationException e) {
      foreground.execute(() -> ended(mine));
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      foreground.execute(() -> failed(mine, e));
    }
  }

  private void loadElsewhere(Attempt mine) {
    Relocation way = requireNonNull(mine.way);
    String device = loader.resolve(mine.device);
    if (way.isThere(device)) {
      foreground.execute(() -> stayed(mine, way.old()));
      return;
    }
    OpenModel next = way.to(device, loader, done -> report(mine, done));
    foreground.execute(() -> moved(mine, next));
  }

  private void stayed(Attempt mine, OpenModel model) {
    if (attempt == mine) {
      finish();
      devices.pick(mine.file, mine.device);
      messages.news(model.name() + " computes on " + model.backend() + " already.");
    }
  }

  private void moved(Attempt mine, OpenModel next) {
    Opened now = opened.get();
    if (attempt != mine || now == null || now != mine.before) {
      background.execute(next::close);
      ended(mine);
      return;
    }
    finish();
    messages.dismiss();
    devices.pick(mine.file, mine.device);
    lost.set(false);
    opened.set(new Opened(next, now.tokenizer(), true));
    background.execute(now.model()::close);
    messages.news(next.name() + " now computes on " + next.backend() + "; its text goes on.");
  }

  private void report(Attempt mine, double done) {
    if (mine.cancelled) {
      throw new CancellationException();
    }
    if (done - mine.reported >= 0.01) {
      mine.reported = done;
      foreground.execute(() -> {
        if (attempt == mine) {
          progress.set(done);
        }
      });
    }
  }

  private void arrived(Attempt mine, Loaded loaded) {
    if (attempt != mine) {
      background.execute(loaded.model()::close);
      return;
    }
    finish();
    messages.dismiss();
    if (mine.picked) {
      devices.pick(mine.file, mine.device);
    }
    change(new Opened(loaded.model(), loaded.tokenizer()));
    recents.opened(mine.file);
    messages.news("Opened " + loaded.model().name() + ".");
    loaded.trouble().forEach(sentence -> messages.problem(sentence, null));
  }

  private void stateArrived(Attempt mine, InitialState state) {
    if (attempt == mine) {
      finish();
      messages.dismiss();
      initial.set(state);
      messages.news("Texts now begin with the state " + state.name() + ".");
    }
  }

  /** Listeners end the old model's sessions in the background; then it goes the same way. */
  private void change(@Nullable Opened next) {
    Opened old = opened.get();
    initial.set(null);
    lost.set(false);
    opened.set(next);
    if (old != null) {
      background.execute(old.model()::close);
    }
  }

  private void failed(Attempt mine, Throwable failure) {
    if (attempt == mine) {
      finish();
      messages.problem(
          "%s could not be opened%s. %s"
              .formatted(
                  ModelName.of(mine.file),
                  mine.way != null ? " on " + mine.device : "",
                  Sentence.of(failure)),
          failure,
          remedies(mine, failure));
    }
  }

  /** A file that is no model is none on the processor either. */
  private List<Remedy> remedies(Attempt mine, Throwable failure) {
    Relocation way = mine.way;
    if (way != null) {
      return way.lost() ? remediesOfLost(way.old()) : List.of();
    }
    boolean elsewhere = !mine.device.equals(DeviceChoice.CPU) && !mine.device.equals(AUTO);
    return failure instanceof DeviceException
            || elsewhere && !(failure instanceof CheckpointException)
        ? List.of(onCpu(() -> openOn(mine.file, DeviceChoice.CPU)))
        : List.of();
  }

  private void ended(Attempt mine) {
    if (attempt == mine) {
      finish();
    }
  }

  private void finish() {
    attempt = null;
    loading.set(false);
    moving.set(false);
  }

  private static final class Attempt {
    final Path file;
    final String device;
    final @Nullable Opened before;
    final @Nullable Relocation way;
    boolean picked;
    volatile boolean cancelled;
    double reported;

    /**
     * @param before what was open
     * @param way how that gets to the device; null if something else is opened
     */
    Attempt(Path file, String device, @Nullable Opened before, @Nullable Relocation way) {
      this.file = file;
      this.device = device;
      this.before = before;
      this.way = way;
    }
  }
}
