package rwkv.tokenizers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The reference data, which lies beside the project and not in it. */
final class Reference {

  private Reference() {}

  /** A file of the reference data; the test is skipped, and says so, where it is not there. */
  static Path file(String name) {
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (Path up = folder; up != null; up = up.getParent()) {
      Path file = up.resolve("shared/reference").resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    String reason = "skipped: no shared/reference/" + name + " in or above " + folder;
    System.out.println(reason);
    assumeTrue(false, reason);
    throw new AssertionError("not reached");
  }
}
