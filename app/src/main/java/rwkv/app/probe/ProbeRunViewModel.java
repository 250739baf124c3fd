package rwkv.app.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import org.jspecify.annotations.Nullable;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.RunState;
import rwkv.app.probing.RunningProbe;

/** A run in the list, going on or over. */
public final class ProbeRunViewModel {

  private final @Nullable RunningProbe live;
  private final AtomicBoolean news;
  private final ReadOnlyIntegerWrapper revision = new ReadOnlyIntegerWrapper();
  private ProbeRun run;
  private boolean isKept;
  private boolean isLoaded;

  private ProbeRunViewModel(ProbeRun run, @Nullable RunningProbe live, AtomicBoolean news) {
    this.run = run;
    this.live = live;
    this.news = news;
    isKept = live == null;
    isLoaded = live != null;
  }

  /**
   * One of before.
   *
   * @param run without its tables
   */
  static ProbeRunViewModel kept(ProbeRun run) {
    return new ProbeRunViewModel(run, null, new AtomicBoolean());
  }

  /**
   * @param news whether there is something new, set by whoever knows
   */
  static ProbeRunViewModel started(RunningProbe live, AtomicBoolean news) {
    return new ProbeRunViewModel(live.snapshot(), live, news);
  }

  /** Changes with everything that is told of the run. */
  public ReadOnlyIntegerProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /** As it was known last. */
  public ProbeRun run() {
    return run;
  }

  public boolean isRunning() {
    return run.state() == RunState.RUNNING;
  }

  /** Looks again, if there is something new. */
  void look() {
    if (news.getAndSet(false)) {
      refresh();
    }
  }

  private void refresh() {
    if (live != null && isRunning()) {
      run = live.snapshot();
      revision.set(revision.get() + 1);
    }
  }

  void cancel() {
    if (live != null) {
      live.cancel();
    }
  }

  /** Ends it and waits a little. */
  void end(Duration most) {
    if (live != null && isRunning()) {
      live.cancel();
      try {
        live.await(most);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      refresh();
    }
  }

  /** Whether it has to be kept now, told once. */
  boolean isToBeKept() {
    boolean now = !isKept && !isRunning();
    isKept |= now;
    return now;
  }

  /** Whether its tables have to be read now, told once. */
  boolean isToBeLoaded() {
    boolean now = !isLoaded;
    isLoaded = true;
    return now;
  }

  /** Its tables have been read. */
  void loaded(ProbeRun whole) {
    run = whole;
    revision.set(revision.get() + 1);
  }

  /** How far it has come, 0 to 1. */
  public double done() {
    return live == null || !isRunning() ? 1 : live.done();
  }

  /** State, as in "running" or "done". */
  public String state() {
    return live != null && isRunning() && live.isReading() ? "reading model" : run.state().word();
  }

  /** Time left while it runs, time taken when it is over. */
  public String time() {
    if (live == null || !isRunning()) {
      return RunWords.duration(run.duration());
    }
    Optional<Duration> left = live.left();
    return left.map(time -> RunWords.duration(time) + " left").orElse("");
  }

  /** The answer, or why there is none. */
  public String verdict() {
    return run.problem().isEmpty() ? run.result().verdict() : run.problem();
  }
}
