package rwkv.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Brings oneDNN's library from the class path into this process, where it stays. */
final class Natives {

  /** The library, and OpenMP's, which it finds beside itself. */
  private static final List<String> FILES = List.of("libgomp.so.1", "libdnnl.so.3");

  private static final String FOLDER = "/org/bytedeco/dnnl/linux-x86_64/";

  /** How it went, once for the process: a library that is loaded is there for good. */
  private static final class Once {
    static final Loaded LOADED = tried();
  }

  /** The library, or why there is none. */
  sealed interface Loaded {}

  record Library(OneDnn dnn) implements Loaded {}

  record NoLibrary(String reason) implements Loaded {}

  private Natives() {}

  /** Loads it when it is asked for the first time, which takes some tenths of a second. */
  static Loaded loaded() {
    return Once.LOADED;
  }

  private static Loaded tried() {
    try {
      return new Library(load());
    } catch (IOException | IllegalStateException problem) {
      return new NoLibrary("oneDNN's library cannot be loaded: " + problem.getMessage());
    }
  }

  /**
   * Unpacks it into a new folder below that of temporary files (90 MB), which is deleted as soon as
   * the library is loaded.
   *
   * @throws IOException if it is not on the class path, or cannot be written
   * @throws IllegalStateException if it cannot be loaded
   */
  private static OneDnn load() throws IOException {
    Path folder = Files.createTempDirectory("rwkv-onednn");
    try {
      for (String file : FILES) {
        unpack(file, folder.resolve(file));
      }
      Path library = folder.resolve(FILES.getLast());
      try {
        return new OneDnn(SymbolLookup.libraryLookup(library, Arena.global()));
      } catch (IllegalArgumentException problem) {
        throw new IllegalStateException("cannot load " + library, problem);
      }
    } finally {
      for (String file : FILES) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.delete(folder);
    }
  }

  private static void unpack(String file, Path to) throws IOException {
    try (InputStream in = Natives.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IOException(FOLDER.substring(1) + file + " is not on the class path");
      }
      Files.copy(in, to);
    }
  }
}
