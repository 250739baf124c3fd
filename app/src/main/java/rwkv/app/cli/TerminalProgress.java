package rwkv.app.cli;

import java.io.Console;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import rwkv.engine.model.Progress;

/**
 * Shows how far a long work has come where a person watches, and ends it in order when the program
 * is to end, so that no half-written file stays behind.
 */
final class TerminalProgress implements Progress, AutoCloseable {

  private static final long PATIENCE_SECONDS = 10;

  /** What takes no longer than this shows nothing. */
  private static final long QUIET_NANOS = 300_000_000;

  private final RwkvCommand root;
  private final boolean watched;
  private final Thread hook;
  private final CountDownLatch over = new CountDownLatch(1);
  private final long begin = System.nanoTime();
  private volatile boolean ending;
  private int shown = -1;

  TerminalProgress(RwkvCommand root) {
    this.root = root;
    Console console = System.console();
    this.watched = console != null && console.isTerminal();
    this.hook = new Thread(this::end, "end of the program");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Waits until the work has noticed; it cannot wait for the thread, which may be in exit(). */
  private void end() {
    ending = true;
    try {
      if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the work if the program is to end.
   *
   * @throws CancellationException then
   */
  void check() {
    if (ending) {
      throw new CancellationException();
    }
  }

  /**
   * Shows how the work goes, in the place of what was shown before.
   *
   * @param lasting whether somebody who reads it later wants to know too
   */
  void show(String line, boolean lasting) {
    if (watched) {
      shown = 0;
      root.transientNote(line);
    } else if (lasting) {
      root.note(line);
    }
  }

  @Override
  public void at(double done) {
    check();
    int percent = (int) (done * 100);
    if (watched && percent != shown && System.nanoTime() - begin > QUIET_NANOS) {
      shown = percent;
      root.transientNote(percent + " %");
    }
  }

  /** Takes away what was shown. */
  @Override
  public void close() {
    over.countDown();
    if (shown >= 0) {
      shown = -1;
      root.transientNote("");
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending already.
    }
  }
}
