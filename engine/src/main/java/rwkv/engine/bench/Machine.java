package rwkv.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What was measured on.
 *
 * @param processor its name, or what kind it is where the operating system does not tell
 * @param processors that can be used
 * @param java the virtual machine's version
 * @param system the operating system's name
 */
public record Machine(String processor, int processors, String java, String system) {

  /** This one. */
  public static Machine current() {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        System.getProperty("os.name", "unknown"));
  }

  private static String processorName() {
    String kind = System.getProperty("os.arch", "unknown");
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(kind);
    } catch (IOException | RuntimeException e) {
      return kind;
    }
  }
}
