package rwkv.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rwkv.engine.backend.Backends;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;

/** Which model, and what it runs on. */
final class ModelOptions {

  private static final int MOST_THREADS = 1024;

  @Parameters(
      paramLabel = "MODEL",
      description = "Model file: official .pth or .safetensors of an RWKV-7.")
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
    return Engine.open(file, chosen, threads(), Progress.NONE);
  }

  /**
   * Refuses a place to write to where nothing can be written, before anything is computed for it.
   *
   * @param option that named it
   */
  void checkOutput(String option, Path output) {
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInput(option + " " + output + ": there is no folder " + folder);
    }
    if (Files.isDirectory(output)) {
      throw new BadInput(option + " " + output + ": this is a folder");
    }
    if (!Files.isWritable(folder)) {
      throw new BadInput(option + " " + output + ": the folder cannot be written to");
    }
    if (output.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize())) {
      throw new BadInput(option + " " + output + ": this is the model itself");
    }
  }
}
