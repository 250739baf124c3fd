package rwkv.app.open;

import java.nio.file.Path;
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
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.app.open.ModelLoader.Loaded;

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
  private final TokenizerViewModel tokenizer;
  private final ReadOnlyObjectWrapper<@Nullable Opened> opened = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable InitialState> initial =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper loading = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper loadingName = new ReadOnlyStringWrapper("");
  private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper();
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
    Opened now = opened.get();
    Attempt next = new Attempt(file, now == null ? null : now.model());
    attempt = next;
    progress.set(0);
    loadingName.set(ModelName.of(file));
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
      Optional<InitialState> state =
          mine.model == null ? Optional.empty() : loader.state(mine.file, mine.model.spec());
      if (state.isPresent()) {
        foreground.execute(() -> stateArrived(mine, state.get()));
        return;
      }
      Loaded loaded = loader.load(mine.file, done -> report(mine, done));
      foreground.execute(() -> arrived(mine, loaded));
    } catch (CancellationException e) {
      foreground.execute(() -> ended(mine));
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      foreground.execute(() -> failed(mine, e));
    }
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
    opened.set(next);
    if (old != null) {
      background.execute(old.model()::close);
    }
  }

  private void failed(Attempt mine, Throwable failure) {
    if (attempt == mine) {
      finish();
      messages.problem(
          "%s could not be opened. %s".formatted(ModelName.of(mine.file), Sentence.of(failure)),
          failure);
    }
  }

  private void ended(Attempt mine) {
    if (attempt == mine) {
      finish();
    }
  }

  private void finish() {
    attempt = null;
    loading.set(false);
  }

  private static final class Attempt {
    final Path file;
    final @Nullable OpenModel model;
    volatile boolean cancelled;
    double reported;

    Attempt(Path file, @Nullable OpenModel model) {
      this.file = file;
      this.model = model;
    }
  }
}
