package rwkv.app.plugins;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jars that lie in a folder, each read when it is there and has stopped changing. */
final class JarFolder {

  /** Jars of a folder that are looked at. */
  private static final int MOST = 200;

  private static final String REMOVED = "removed";

  private final Path folder;
  private final Map<Path, Stamp> readAt = new HashMap<>();
  private final Map<Path, PluginJar> jars = new TreeMap<>();
  private @Nullable Map<Path, Stamp> last;

  /** What a file looks like from outside. */
  private record Stamp(long size, FileTime time) {}

  JarFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  /** What was read, by file name; of jars with the same bytes the first counts. */
  List<PluginJar> jars() {
    List<PluginJar> all = new ArrayList<>();
    Map<String, PluginJar> first = new HashMap<>();
    for (PluginJar jar : jars.values()) {
      PluginJar same = jar.sha256().isEmpty() ? null : first.putIfAbsent(jar.sha256(), jar);
      all.add(
          same == null
              ? jar
              : jar.refused(
                  "%s is the same as %s."
                      .formatted(PluginJar.fileName(jar.file()), PluginJar.fileName(same.file()))));
    }
    return all;
  }

  /** Whether jars have come, gone or changed since the last time. */
  boolean look() {
    Map<Path, Stamp> now = stamps();
    boolean changed = jars.keySet().retainAll(now.keySet());
    readAt.keySet().retainAll(now.keySet());
    for (Map.Entry<Path, Stamp> entry : now.entrySet()) {
      Path file = entry.getKey();
      Stamp stamp = entry.getValue();
      boolean settled = last == null || stamp.equals(last.get(file));
      if (settled && !stamp.equals(readAt.get(file))) {
        read(file, stamp);
        changed = true;
      }
    }
    last = now;
    return changed;
  }

  private PluginJar read(Path file, Stamp stamp) {
    PluginJar jar = JarReader.read(file);
    readAt.put(file, stamp);
    jars.put(file, jar);
    return jar;
  }

  private Map<Path, Stamp> stamps() {
    Map<Path, Stamp> stamps = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return stamps;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(JarFolder::isJar).sorted().limit(MOST).forEach(file -> putStamp(stamps, file));
    } catch (IOException | RuntimeException e) {
      System.getLogger("rwkv.workbench").log(Level.DEBUG, "looking into " + folder, e);
    }
    return stamps;
  }

  private static void putStamp(Map<Path, Stamp> stamps, Path file) {
    try {
      stamps.put(file, stamp(file));
    } catch (IOException e) {
      // It has just gone.
    }
  }

  private static Stamp stamp(Path file) throws IOException {
    return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
  }

  /** Whether a name is that of a jar. */
  static boolean isJar(Path file) {
    return PluginJar.fileName(file).toLowerCase(Locale.ROOT).endsWith(".jar")
        && Files.isRegularFile(file);
  }

  PluginJar install(Path source) throws IOException {
    Files.createDirectories(folder);
    Path target = folder.resolve(PluginJar.fileName(source));
    if (Files.exists(target) && Files.isSameFile(source, target)) {
      return read(target, stamp(target));
    }
    Path fresh = folder.resolve(PluginJar.fileName(source) + ".new");
    Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
    if (Files.exists(target)) {
      remove(target);
    }
    Files.move(fresh, target);
    return read(target, stamp(target));
  }

  void remove(Path file) throws IOException {
    Path removed = Files.createDirectories(folder.resolve(REMOVED));
    Files.move(
        file, removed.resolve(PluginJar.fileName(file)), StandardCopyOption.REPLACE_EXISTING);
    jars.remove(file);
    readAt.remove(file);
  }

  void restore(Path file) throws IOException {
    Files.move(folder.resolve(REMOVED).resolve(PluginJar.fileName(file)), file);
    read(file, stamp(file));
  }
}
