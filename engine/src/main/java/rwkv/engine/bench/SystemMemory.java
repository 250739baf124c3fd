package rwkv.engine.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the operating system tells about memory, where it does. All sizes in bytes. */
public final class SystemMemory {

  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*([kKMG]?)B?");

  private SystemMemory() {}

  /** The most memory this process has occupied at a time; Linux only. */
  public static OptionalLong peakResident() {
    return entry(Path.of("/proc/self/status"), "VmHWM:");
  }

  /** The memory this process occupies now; Linux only. */
  public static OptionalLong resident() {
    return entry(Path.of("/proc/self/status"), "VmRSS:");
  }

  /** The largest cache of the first processor; Linux only. */
  public static OptionalLong largestCache() {
    try (Stream<Path> caches = Files.list(Path.of("/sys/devices/system/cpu/cpu0/cache"))) {
      return caches
          .map(cache -> cache.resolve("size"))
          .filter(Files::isReadable)
          .flatMapToLong(file -> first(file).stream())
          .max();
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }

  /** Memory that can be taken without pushing other things out, in a container its share. */
  public static long available() {
    long total = Long.MAX_VALUE;
    long free = Long.MAX_VALUE;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      total = system.getTotalMemorySize();
      free = system.getFreeMemorySize();
    }
    // What is free without dropping cached files is far less than what can be had.
    return Math.min(total / 2, entry(Path.of("/proc/meminfo"), "MemAvailable:").orElse(free));
  }

  /** As in "32768K" or "1024 kB". */
  static OptionalLong parse(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long unit =
        switch (matcher.group(2)) {
          case "k", "K" -> 1L << 10;
          case "M" -> 1L << 20;
          case "G" -> 1L << 30;
          default -> 1;
        };
    return OptionalLong.of(Long.parseLong(matcher.group(1)) * unit);
  }

  private static OptionalLong first(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong entry(Path file, String name) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .flatMapToLong(line -> parse(line.substring(name.length())).stream())
          .findFirst();
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }
}
