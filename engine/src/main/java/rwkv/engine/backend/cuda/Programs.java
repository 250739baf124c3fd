package rwkv.engine.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The kernels as PTX, which the driver compiles for the card that is there. */
final class Programs {

  /** Files of {@code src/main/cuda}, each with its PTX among the resources. */
  static final List<String> NAMES =
      List.of("forward", "gradients", "products", "recurrences", "tensor_80", "text");

  /** The oldest cards that PTX is made for: Turing. */
  static final int OLDEST = 75;

  /** The oldest cards whose tensor cores take bf16: Ampere. */
  static final int TENSOR_CORES = 80;

  private Programs() {}

  /** Those that a card of this compute capability can run. */
  static List<String> forCapability(int capability) {
    return NAMES.stream().filter(name -> capability >= oldest(name)).map(Programs::read).toList();
  }

  /** The least compute capability for a program: its name ends with it, or it is Turing's. */
  static int oldest(String name) {
    return name.endsWith("_" + TENSOR_CORES) ? TENSOR_CORES : OLDEST;
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
