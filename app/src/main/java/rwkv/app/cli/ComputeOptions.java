package rwkv.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rwkv.engine.backend.Backends;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;

/** What a model runs on, and how. */
final class ComputeOptions {

  static final int MOST_THREADS = 1024;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description =
          "What computes: auto, cpu, reference, cuda, cuda:N (default: ${DEFAULT-VALUE}).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default: one for every processor).")
  private int threads = Engine.defaultThreads();

  @Option(
      names = "--group-norm-eps",
      paramLabel = "EPS",
      description =
          "Epsilon of an RWKV-5's group norm; rwkv.cpp takes 1e-5 (default: the official 64e-5).")
  private @Nullable Float groupNormEps;

  @Option(
      names = "--rosa-bits",
      paramLabel = "BITS",
      description =
          "Channels that make a symbol of RWKV-8's ROSA, 1 or 4 (default: what the file says).")
  private int rosaBits;

  /** The backend's id, never "auto". */
  String backend() {
    return BadInput.unless(() -> Backends.installed().choose(backend)).id();
  }

  int threads() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new BadInput("--threads is " + threads + ", it must be from 1 to " + MOST_THREADS);
    }
    return threads;
  }

  /**
   * Opens a model of a checkpoint; to be closed by the caller, which closes the checkpoint.
   *
   * @param backend as {@link #backend()} has it
   */
  Engine open(Checkpoint checkpoint, String backend) {
    return Engine.open(checkpoint, backend, threads(), loadOptions(), Progress.NONE);
  }

  LoadOptions loadOptions() {
    return BadInput.unless(() -> new LoadOptions(groupNormEps, rosaBits));
  }
}
