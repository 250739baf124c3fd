package rwkv.app.probing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import rwkv.engine.model.Progress;

/** How far a run has come, and whether it is to end. */
final class RunProgress implements Progress {

  /** What has come less far than this says little about the rest. */
  private static final double EARLY = 0.005;

  private final Runnable changed;
  private volatile Progress untilClosed = NONE;
  private volatile double done;
  private volatile long begin = System.nanoTime();
  private volatile boolean cancelled;
  private volatile boolean closed;
  private volatile boolean over;

  RunProgress(Runnable changed) {
    this.changed = changed;
  }

  /** Will ask this too whether it is to end. */
  void during(Progress closing) {
    untilClosed = closing;
  }

  /** The next work begins from 0. */
  void begin() {
    done = 0;
    begin = System.nanoTime();
  }

  /** A person wants it to end; false if that is known. */
  synchronized boolean cancel() {
    boolean isNew = !cancelled && !over;
    cancelled = true;
    return isNew;
  }

  /** Nobody listens any more. */
  void end() {
    over = true;
  }

  /** Whether it was told to end, so that being cancelled is no fault. */
  boolean isEnded() {
    return cancelled || closed || over;
  }

  double done() {
    return done;
  }

  Optional<Duration> left() {
    double reached = done;
    return reached < EARLY
        ? Optional.empty()
        : Optional.of(
            Duration.ofNanos((long) ((System.nanoTime() - begin) * (1 - reached) / reached)));
  }

  /** What a probe is given: it also waits for nobody once the model is being closed. */
  void probe(double reached) {
    try {
      untilClosed.at(reached);
    } catch (CancellationException e) {
      closed = true;
      throw e;
    }
    at(reached);
  }

  @Override
  public void at(double reached) {
    if (cancelled || over) {
      throw new CancellationException();
    }
    if (reached > done) {
      done = Math.min(1, reached);
      changed.run();
    }
  }
}
