package rwkv.engine.backend.cuda;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The emulator where it can be made; else the test is skipped and says why. */
final class Emulators {

  private Emulators() {}

  static Emulator compile(Path folder) throws IOException {
    String missing = Emulator.missing();
    if (!missing.isEmpty()) {
      System.out.println("emulated CUDA kernels: skipped, " + missing);
    }
    Assumptions.assumeTrue(missing.isEmpty(), missing);
    return Emulator.compile(folder);
  }
}
