package rwkv.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A place to write to that a person named. */
final class OutputFile {

  private OutputFile() {}

  /**
   * Refuses a place where nothing can be written, before anything is computed for it.
   *
   * @param option that named it
   * @param input the model, which is never written over
   */
  static void check(String option, Path output, Path input) {
    check(option, output);
    if (output.toAbsolutePath().normalize().equals(input.toAbsolutePath().normalize())) {
      throw new BadInput(option + " " + output + ": this is the model itself");
    }
  }

  /**
   * Refuses a place where nothing can be written, before anything is computed for it.
   *
   * @param option that named it
   */
  static void check(String option, Path output) {
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
  }
}
