package rwkv.app.train;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a run, in a folder of its own: those of the training and, beside them, what the
 * workbench wants to know again.
 *
 * @param folder named after a number and the task, as in {@code 0012-parity-v7}
 */
record RunFiles(Path folder) {

  private static final int MOST_RUNS = 10_000;

  /** Makes the folder of the next run. */
  static RunFiles next(Path root, String name) throws IOException {
    Files.createDirectories(root);
    int number = 1 + all(root).stream().mapToInt(RunFiles::number).max().orElse(0);
    for (; number < MOST_RUNS; number++) {
      try {
        return new RunFiles(Files.createDirectory(root.resolve("%04d-%s".formatted(number, name))));
      } catch (FileAlreadyExistsException e) {
        continue;
      }
    }
    throw new IOException("there are too many runs in " + root);
  }

  /** Those in a folder, the oldest first. */
  static List<RunFiles> all(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .map(RunFiles::new)
          .filter(files -> files.number() > 0 && Files.exists(files.config()))
          .sorted(Comparator.comparingInt(RunFiles::number))
          .toList();
    }
  }

  /** The run's number; 0 if the folder is none of a run. */
  int number() {
    String[] parts = String.valueOf(folder.getFileName()).split("-", 2);
    return parts[0].matches("[0-9]{4}") ? Integer.parseInt(parts[0]) : 0;
  }

  Path config() {
    return folder.resolve("config.json");
  }

  Path losses() {
    return folder.resolve("loss.csv");
  }

  Path evaluation() {
    return folder.resolve("evaluation.csv");
  }

  /** The decays that it begins with. */
  Path start() {
    return folder.resolve("decays.json");
  }

  /** The decays at the last checkpoint. */
  Path now() {
    return folder.resolve("decays-now.json");
  }

  /** Gradient norms of the layers. */
  Path layers() {
    return folder.resolve("layers.csv");
  }

  Path note() {
    return folder.resolve("run.json");
  }

  /** Removes all of it. */
  void delete() throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
