package rwkv.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.session.Engine;

/** Which model, and what it runs on. */
final class ModelOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Parameters(
      paramLabel = "MODEL",
      description = "Model file: .pth, .safetensors, .gguf or rwkv.cpp .bin.")
  private Path file;

  @Mixin private ComputeOptions compute;

  Path file() {
    return file;
  }

  /** The backend's id, never "auto". */
  String backend() {
    return compute.backend();
  }

  int threads() {
    return compute.threads();
  }

  /** Opens the model, showing how far it has come; to be closed by the caller. */
  Engine open() {
    String chosen = backend();
    LoadOptions options = compute.loadOptions();
    RwkvCommand root = (RwkvCommand) command.root().userObject();
    try (TerminalProgress progress = new TerminalProgress(root)) {
      return Engine.open(file, chosen, threads(), options, progress);
    }
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
