package rwkv.app.decaylab;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.engine.model.Progress;

/** Work in the background, one piece at a time, that can be watched and ended. */
public final class LabJob {

  private final Executor worker;
  private final Executor foreground;
  private final Messages messages;
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
  private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper();
  private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper("");
  private @Nullable Attempt attempt;

  private static final class Attempt {
    volatile boolean cancelled;
    double reported;
  }

  /**
   * @param worker may start a thread for each piece
   * @param foreground the JavaFX thread
   */
  LabJob(Executor worker, Executor foreground, Messages messages) {
    this.worker = worker;
    this.foreground = foreground;
    this.messages = messages;
  }

  public ReadOnlyBooleanProperty runningProperty() {
    return running.getReadOnlyProperty();
  }

  /** From 0 to 1. */
  public ReadOnlyDoubleProperty progressProperty() {
    return progress.getReadOnlyProperty();
  }

  /** What is being done. */
  public ReadOnlyStringProperty wordsProperty() {
    return words.getReadOnlyProperty();
  }

  /**
   * Begins, unless something else is going on.
   *
   * @param work in the background
   * @param then in the foreground, with what came of it
   * @param unwanted what becomes of a result that comes after it was cancelled
   */
  <T> void start(String what, Function<Progress, T> work, Consumer<T> then, Consumer<T> unwanted) {
    if (attempt != null) {
      messages.news("One thing after the other: " + words.get() + " first.");
      return;
    }
    Attempt mine = new Attempt();
    attempt = mine;
    words.set(what);
    progress.set(0);
    running.set(true);
    worker.execute(() -> run(mine, work, then, unwanted));
  }

  /** Ends what is going on. */
  public void cancel() {
    if (attempt != null) {
      attempt.cancelled = true;
      end(attempt);
      messages.news("Cancelled: " + words.get() + ".");
    }
  }

  private <T> void run(
      Attempt mine, Function<Progress, T> work, Consumer<T> then, Consumer<T> unwanted) {
    try {
      T result = work.apply(done -> report(mine, done));
      foreground.execute(() -> {
        if (attempt == mine) {
          end(mine);
          then.accept(result);
        } else {
          worker.execute(() -> unwanted.accept(result));
        }
      });
    } catch (CancellationException e) {
      foreground.execute(() -> end(mine));
    } catch (RuntimeException | OutOfMemoryError e) {
      foreground.execute(() -> {
        if (attempt == mine) {
          end(mine);
          messages.problem(words.get() + ": " + Sentence.of(e), e);
        }
      });
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

  private void end(Attempt mine) {
    if (attempt == mine) {
      attempt = null;
      running.set(false);
    }
  }
}
