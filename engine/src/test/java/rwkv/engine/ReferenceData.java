package rwkv.engine;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the reference checkpoints and their vectors lie: in {@code shared/reference} beside the
 * checkout or in one of the folders above. Tests that need them are skipped where there are none,
 * and say so.
 */
public final class ReferenceData {

  private ReferenceData() {}

  /** The folder, if there is one above the working directory. */
  public static Optional<Path> folder() {
    Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    return Stream.iterate(start, above -> above != null, Path::getParent)
        .map(above -> above.resolve("shared/reference"))
        .filter(Files::isDirectory)
        .findFirst();
  }

  /**
   * One file or folder of the reference data; skips the test where it is missing.
   *
   * @param relative as in {@code v7/v7-c128-l3-v256-bf16.pth}
   */
  public static Path require(String relative) {
    Optional<Path> found = folder().map(folder -> folder.resolve(relative)).filter(Files::exists);
    return found.orElseGet(() -> skip(relative));
  }

  /**
   * Every file whose name ends so, sorted; skips the test where there is no reference data.
   *
   * @param suffix as in {@code .safetensors}
   */
  public static List<Path> requireAll(String suffix) {
    try (Stream<Path> files = Files.walk(require(""))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path skip(String relative) {
    String reason = "skipped: no shared/reference/" + relative + " above the working directory";
    System.out.println(reason);
    return abort(reason);
  }
}
