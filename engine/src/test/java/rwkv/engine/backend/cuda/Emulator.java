package rwkv.engine.backend.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All kernels, compiled for the CPU by a C++ compiler with {@code emulator.hpp} in the place of a
 * card. Shows that kernels compute what they should and write where they may; not that a card runs
 * them, nor that threads do not race.
 */
final class Emulator {

  static final Path SOURCES = Path.of("src", "main", "cuda");
  private static final Path HARNESS = Path.of("src", "test", "cuda");

  /** A kernel's name, spelled out or made by a macro whose first argument it is. */
  private static final Pattern NAME =
      Pattern.compile("^(?:KERNEL\\s+|[A-Z][A-Z0-9_]*\\()(\\w+)\\s*[(,]", Pattern.MULTILINE);

  private final MethodHandle launch;

  private Emulator(MethodHandle launch) {
    this.launch = launch;
  }

  /** Why it cannot be made here, or empty. */
  static String missing() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return "the emulation of a card is for x86-64";
    }
    try {
      return run(List.of("g++", "--version"), Path.of(".")) == 0 ? "" : "g++ does not work";
    } catch (IOException e) {
      return "there is no C++ compiler (g++)";
    }
  }

  /**
   * Compiles all kernels.
   *
   * @param folder for what is made
   */
  static Emulator compile(Path folder) throws IOException {
    List<Path> sources = sources();
    StringBuilder table = new StringBuilder();
    for (Path source : sources) {
      table.append("#include \"%s\"%n".formatted(source.toAbsolutePath()));
    }
    table.append("static const Entry TABLE[] = {\n");
    for (Path source : sources) {
      for (String name : kernels(source)) {
        table.append(
            "  {\"%1$s\", [](void **a) { call(::%1$s, a); }, parameters(::%1$s)},%n"
                .formatted(name));
      }
    }
    Files.writeString(folder.resolve("table.inc"), table.append("};\n"));
    Path library = folder.resolve("libkernels.so");
    List<String> command =
        List.of(
            "g++",
            "-std=c++17",
            "-O1",
            "-mf16c",
            "-mfma",
            "-ffp-contract=off",
            "-w",
            "-shared",
            "-fPIC",
            "-I" + folder,
            "-I" + HARNESS.toAbsolutePath(),
            "-I" + SOURCES.toAbsolutePath(),
            "-o",
            library.toString(),
            HARNESS.resolve("emulator.cpp").toAbsolutePath().toString());
    if (run(command, folder) != 0) {
      throw new IOException("the kernels do not compile for the CPU");
    }
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    MethodHandle launch =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.find("emulator_launch").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
    return new Emulator(launch);
  }

  /** The files that hold kernels. */
  static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".cu")).sorted().toList();
    }
  }

  /** The kernels of a file. */
  static List<String> kernels(Path source) throws IOException {
    List<String> names = new ArrayList<>();
    String text = Files.readString(source).replaceAll("(?m)^#define(.*\\\\\\n)*.*$", "");
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static int run(List<String> command, Path folder) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    try {
      int status = process.waitFor();
      if (status != 0) {
        System.out.println(said);
      }
      return status;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Runs a kernel on native memory. */
  void launch(Launch launched) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slots = arena.allocateFrom(ValueLayout.JAVA_LONG, launched.arguments());
      int status =
          (int)
              launch.invokeExact(
                  arena.allocateFrom(launched.kernel()),
                  launched.columns(),
                  launched.rows(),
                  launched.threads(),
                  slots,
                  launched.arguments().length);
      if (status != 0) {
        throw new IllegalArgumentException(
            status == 1
                ? "there is no kernel " + launched.kernel()
                : launched.kernel() + " has not " + launched.arguments().length + " parameters");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
