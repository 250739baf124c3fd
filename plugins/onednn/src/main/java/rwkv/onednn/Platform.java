package rwkv.onednn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The machine, as far as it matters here.
 *
 * @param system as Java's {@code os.name}
 * @param architecture as Java's {@code os.arch}
 * @param processor lines as Linux has them in {@code /proc/cpuinfo}; none elsewhere
 */
record Platform(String system, String architecture, List<String> processor) {

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final List<String> NEEDED = List.of("amx_tile", "amx_bf16");

  /** This one. */
  static Platform here() {
    return new Platform(
        System.getProperty("os.name"), System.getProperty("os.arch"), processorHere());
  }

  private static List<String> processorHere() {
    try {
      return Files.isReadable(PROCESSOR) ? Files.readAllLines(PROCESSOR) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Why there is no library for it, if so. */
  Optional<String> noLibrary() {
    boolean linux = system.toLowerCase(Locale.ROOT).contains("linux");
    return linux && architecture.equals("amd64")
        ? Optional.empty()
        : Optional.of(
            "oneDNN comes for Linux on x86-64 only, this is " + system + " on " + architecture);
  }

  /** Why there is no use in it, if so. */
  Optional<String> noMatrixUnits() {
    Set<String> flags =
        processor.stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> Set.copyOf(List.of(line.substring(line.indexOf(':') + 1).split(" "))))
            .orElse(Set.of());
    List<String> missing = NEEDED.stream().filter(flag -> !flags.contains(flag)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "this CPU has no bf16 matrix units: no "
                + String.join(" and ", missing)
                + " in "
                + PROCESSOR);
  }
}
