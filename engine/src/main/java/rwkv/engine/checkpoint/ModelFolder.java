package rwkv.engine.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A folder that stands for the one model in it. */
final class ModelFolder {

  private static final List<String> MODELS = List.of(".safetensors", ".pth", ".gguf", ".bin");

  /** Where there are two, both stand for the same model. */
  private static final List<String> INDEXES =
      List.of(".safetensors" + Shards.INDEX, ".bin" + Shards.INDEX);

  /** More need not be known to say that it is too many. */
  private static final int MOST = 5;

  private ModelFolder() {}

  /**
   * The index or else the model file that the folder holds.
   *
   * @throws CheckpointException if it holds none or several
   */
  static Path model(Path folder) {
    List<Path> found = List.of();
    for (String index : INDEXES) {
      found = found.isEmpty() ? endingIn(folder, List.of(index)) : found;
    }
    if (found.isEmpty()) {
      found = endingIn(folder, MODELS);
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    String models = String.join(", ", MODELS);
    if (found.isEmpty()) {
      throw new CheckpointException(
          folder, "is a folder without a model in it; choose a file of one of the kinds " + models);
    }
    List<String> names =
        found.stream().map(file -> Quote.name(file.getFileName().toString())).sorted().toList();
    throw new CheckpointException(
        folder, "is a folder with several models; choose one of its files, such as " + names);
  }

  private static List<Path> endingIn(Path folder, List<String> endings) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean hidden = name.startsWith(".");
        if (!hidden && endings.stream().anyMatch(name::endsWith) && Files.isRegularFile(file)) {
          found.add(file);
        }
        if (found.size() == MOST) {
          break;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new CheckpointException(folder, "cannot be read: " + e.getMessage(), e);
    }
    return found;
  }
}
