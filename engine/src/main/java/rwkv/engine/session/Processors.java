package rwkv.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The processors that this process may use.
 *
 * @param status what the system says about this process
 * @param cpus a folder for every processor
 */
record Processors(Path status, Path cpus) {

  private static final String ALLOWED = "Cpus_allowed_list:";

  /** Those of this machine; the files are there on Linux. */
  static Processors here() {
    return new Processors(Path.of("/proc/self/status"), Path.of("/sys/devices/system/cpu"));
  }

  /**
   * How many cores they are. Two processors of one core share what computes, so a second thread
   * there gains little and costs waiting.
   *
   * @param most processors that may be used at a time, as of a container's share; and the answer
   *     where the system does not tell cores
   */
  int cores(int most) {
    try (Stream<String> lines = Files.lines(status)) {
      String allowed =
          lines
              .filter(line -> line.startsWith(ALLOWED))
              .findFirst()
              .orElseThrow(() -> new IOException("no " + ALLOWED));
      Set<String> cores = new HashSet<>();
      for (int cpu : list(allowed.substring(ALLOWED.length())).toArray()) {
        Path siblings = cpus.resolve("cpu" + cpu).resolve("topology/thread_siblings_list");
        cores.add(Files.readString(siblings).strip());
      }
      return Math.clamp(cores.size(), 1, most);
    } catch (IOException | RuntimeException e) {
      return most;
    }
  }

  /** As in "0-3,8". */
  private static IntStream list(String text) {
    return Stream.of(text.strip().split(","))
        .flatMapToInt(part -> {
          String[] ends = part.split("-");
          return IntStream.rangeClosed(
              Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        });
  }
}
