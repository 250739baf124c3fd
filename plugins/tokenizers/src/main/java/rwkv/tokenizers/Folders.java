package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import rwkv.plugin.TokenizerProvider.ModelHint;

/** Where vocabulary files are looked for. */
final class Folders {

  private Folders() {}

  /** The folder that the model's file is in; a model of several files is a folder itself. */
  static Path ofModel(ModelHint model) {
    Path file = model.modelFile().toAbsolutePath().normalize();
    return Files.isDirectory(file) ? file : around(file);
  }

  private static Path around(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder; // a root has no parent
  }

  /** The search folders without the model's own and without repetition. */
  static List<Path> others(ModelHint model) {
    Set<Path> folders = new LinkedHashSet<>();
    folders.add(around(model.modelFile().toAbsolutePath().normalize()));
    for (Path folder : model.searchFolders()) {
      folders.add(folder.toAbsolutePath().normalize());
    }
    folders.remove(ofModel(model));
    return List.copyOf(folders);
  }

  /**
   * The files of a folder whose names begin and end so, in any case of letters, in the order of
   * their names. A folder that cannot be read has none: it is a place to look, not one that must be
   * there.
   */
  static List<Path> list(Path folder, String prefix, String suffix) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.startsWith(prefix) && name.endsWith(suffix) && Files.isRegularFile(file)) {
          files.add(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    files.sort(null);
    return files;
  }
}
