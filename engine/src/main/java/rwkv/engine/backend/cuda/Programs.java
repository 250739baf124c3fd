package rwkv.engine.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The kernels as PTX, which the driver compiles for the card that is there. */
final class Programs {

  /** Files of {@code src/main/cuda}, each with its PTX among the resources. */
  static final List<String> NAMES = List.of("forward", "products", "recurrences", "text");

  /** The oldest cards that PTX is made for: Turing. */
  static final int OLDEST = 75;

  private Programs() {}

  /** Those that a card of this compute capability can run; all of them, or none. */
  static List<String> forCapability(int capability) {
    return capability < OLDEST ? List.of() : NAMES.stream().map(Programs::read).toList();
  }

  static String read(String name) {
    try (InputStream in = Programs.class.getResourceAsStream(name + ".ptx")) {
      if (in == null) {
        throw new IllegalStateException("the kernels " + name + ".ptx are missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
