package rwkv.app.probing;

import rwkv.engine.setting.Choices;

/**
 * Starts runs of probes.
 *
 * @param program the version of this program, which is noted in the runs
 */
public record ProbeRunner(String program, RunLimits limits) {

  /** For people at work. */
  public ProbeRunner(String program) {
    this(program, RunLimits.USUAL);
  }

  /**
   * Runs a probe on a thread of its own.
   *
   * @param parameters as {@link ProbeEntry#choices} gives them
   * @param seed of all that is random
   * @param changed runs when there is something new, on any thread; not again before somebody has
   *     taken a {@link RunningProbe#snapshot}. Must not block
   */
  public RunningProbe start(
      ProbeEntry probe, Subject subject, Choices parameters, long seed, Runnable changed) {
    RunningProbe run = new RunningProbe(probe, subject, parameters, seed, changed, program, limits);
    run.start();
    return run;
  }
}
