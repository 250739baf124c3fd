package rwkv.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rwkv.engine.backend.Backends;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;

/** Which model, and what it runs on. */
final class ModelOptions {

  private static final int MOST_THREADS = 1024;

  @Parameters(
      paramLabel = "MODEL",
      description = "Model file: .pth, .safetensors, .gguf or rwkv.cpp .bin.")
  private Path file;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "What computes: auto, cpu, reference, ... (default: ${DEFAULT-VALUE}).")
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

  Path file() {
    return file;
  }

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

  /** Opens the model; to be closed by the caller. */
  Engine open() {
    String chosen = backend();
    LoadOptions options = BadInput.unless(() -> new LoadOptions(groupNormEps, rosaBits));
    return Engine.open(file, chosen, threads(), options, Progress.NONE);
  }

  /**
   * Refuses a place to write to where nothing can be written, before anything is computed for it.
   *
   * @param option that named it
   */
  void checkOutput(String option, Path output) {
    OutputFile.check(option, output, file);
  }
}
