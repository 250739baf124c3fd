package rwkv.app.truth;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Sentence;
import rwkv.app.open.OpenModel;
import rwkv.app.open.Opened;
import rwkv.engine.verify.SelfTest;

/**
 * Tests the open model and remembers the result. Small models are tested as soon as they are open;
 * larger ones take seconds of a processor and are tested when a person asks.
 */
public final class TruthViewModel {

  /** Multiply-adds that nobody notices: well below a second. */
  private static final double UNNOTICED = 5e8;

  private static final int MOST_UNASKED = 12;

  private final Executor worker;
  private final Executor foreground;
  private final ReadOnlyObjectWrapper<Truth> truth =
      new ReadOnlyObjectWrapper<>(new Truth.NoModel());
  private @Nullable OpenModel model;
  private @Nullable Attempt attempt;

  private static final class Attempt {
    volatile boolean cancelled;
    double reported;
  }

  /**
   * @param opened the open model
   * @param worker runs a test; may start a thread for each
   * @param foreground the JavaFX thread
   */
  public TruthViewModel(
      ReadOnlyObjectProperty<@Nullable Opened> opened, Executor worker, Executor foreground) {
    this.worker = worker;
    this.foreground = foreground;
    opened.subscribe(this::opened);
  }

  public ReadOnlyObjectProperty<Truth> truthProperty() {
    return truth.getReadOnlyProperty();
  }

  /** The model that {@link #truthProperty} is about; null without one. */
  public @Nullable OpenModel model() {
    return model;
  }

  /** Tests the open model, thoroughly. */
  public void test() {
    OpenModel now = model;
    if (now != null && attempt == null) {
      start(now, SelfTest.defaultTokens(now.spec()));
    }
  }

  /** Ends a test that is running. */
  public void cancel() {
    if (attempt != null) {
      attempt.cancelled = true;
      attempt = null;
      truth.set(new Truth.Untested());
    }
  }

  private void opened(@Nullable Opened opened) {
    OpenModel next = opened == null ? null : opened.model();
    if (next == model) {
      return;
    }
    cancel();
    model = next;
    truth.set(next == null ? new Truth.NoModel() : new Truth.Untested());
    if (next != null) {
      int tokens = (int) Math.min(MOST_UNASKED, UNNOTICED / Math.max(1, next.spec().parameters()));
      if (tokens >= 2) {
        start(next, tokens);
      }
    }
  }

  private void start(OpenModel tested, int tokens) {
    Attempt mine = new Attempt();
    attempt = mine;
    truth.set(new Truth.Testing(0));
    worker.execute(() -> run(mine, tested, tokens));
  }

  private void run(Attempt mine, OpenModel tested, int tokens) {
    try {
      var report = tested.selfTest(tokens, done -> report(mine, done));
      foreground.execute(() -> ended(mine, new Truth.Tested(report)));
    } catch (CancellationException e) {
      foreground.execute(() -> ended(mine, new Truth.Untested()));
    } catch (RuntimeException | OutOfMemoryError e) {
      foreground.execute(() -> ended(mine, new Truth.Failed(Sentence.of(e))));
    }
  }

  private void report(Attempt mine, double done) {
    if (mine.cancelled) {
      throw new CancellationException();
    }
    if (done - mine.reported >= 0.02) {
      mine.reported = done;
      foreground.execute(() -> {
        if (attempt == mine) {
          truth.set(new Truth.Testing(done));
        }
      });
    }
  }

  private void ended(Attempt mine, Truth result) {
    if (attempt == mine) {
      attempt = null;
      truth.set(result);
    }
  }
}
