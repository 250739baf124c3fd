package rwkv.app.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import rwkv.app.probing.ProbeEntry;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.ProbeRunner;
import rwkv.app.probing.RunningProbe;
import rwkv.app.probing.Subject;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Choices;

/** Runs a probe while a person watches. */
final class ProbeWork {

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration RELEASE = Duration.ofSeconds(2);

  private ProbeWork() {}

  /**
   * Runs it to its end, and closes the model.
   *
   * @param progress if the program is to end, the run is cancelled and what is there is kept
   */
  static ProbeRun run(
      ProbeEntry probe,
      Engine engine,
      Subject subject,
      Choices choices,
      long seed,
      TerminalProgress progress) {
    RunningProbe running =
        new ProbeRunner(Build.version()).start(probe, subject, choices, seed, () -> {});
    try {
      return watched(running, progress);
    } finally {
      // What goes on forever must not find its memory gone.
      if (running.hasReleased(RELEASE)) {
        engine.close();
      }
    }
  }

  private static ProbeRun watched(RunningProbe running, TerminalProgress progress) {
    while (true) {
      try {
        Optional<ProbeRun> end = running.await(LOOK);
        if (end.isPresent()) {
          return end.get();
        }
        progress.at(running.isReading() ? 0 : running.done());
      } catch (CancellationException e) {
        running.cancel();
      } catch (InterruptedException e) {
        running.cancel();
        Thread.currentThread().interrupt();
        return running.snapshot();
      }
    }
  }
}
