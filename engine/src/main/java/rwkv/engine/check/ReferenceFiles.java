package rwkv.engine.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where reference models, their numbers and sample models lie.
 *
 * @param folders that are looked through, in this order; those that are not there hold nothing
 */
record ReferenceFiles(List<Path> folders) {

  ReferenceFiles {
    folders = List.copyOf(folders);
  }

  /** A file below one of the folders. */
  Optional<Path> find(String relative) {
    return folders.stream()
        .map(folder -> folder.resolve(relative))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * A file that is known to be there.
   *
   * @throws IllegalArgumentException if it is not
   */
  Path get(String relative) {
    return find(relative)
        .orElseThrow(() -> new IllegalArgumentException(relative + " is in none of " + folders));
  }

  /** Whether all these files are there. */
  boolean has(List<String> files) {
    return files.stream().allMatch(file -> find(file).isPresent());
  }

  /** How large they are together, those that are there. */
  long bytes(List<String> files) {
    return present(files.toArray(String[]::new)).stream()
        .mapToLong(file -> file.toFile().length())
        .sum();
  }

  /** Those that are there. */
  List<Path> present(String... files) {
    return Stream.of(files).flatMap(file -> find(file).stream()).toList();
  }
}
