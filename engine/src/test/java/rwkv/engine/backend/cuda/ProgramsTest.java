package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PTX in the jar is what the sources give, and every card since Turing takes it. */
class ProgramsTest {

  /** The compiler that the programs were made by; another one may write others. */
  private static final String COMPILER = "release 13.0";

  @TempDir Path folder;

  @Test
  void everySourceHasItsProgramAndEveryKernelItsEntry() throws IOException {
    List<Path> sources = Emulator.sources();
    assertEquals(
        sources.stream().map(file -> file.getFileName().toString().replace(".cu", "")).toList(),
        Programs.NAMES);
    for (Path source : sources) {
      String program = Programs.read(source.getFileName().toString().replace(".cu", ""));
      List<String> kernels = Emulator.kernels(source);
      assertTrue(!kernels.isEmpty(), source + " has no kernels");
      for (String kernel : kernels) {
        assertTrue(program.contains(".visible .entry " + kernel + "("), kernel);
      }
      assertEquals(kernels.size(), program.split("\\.visible \\.entry ", -1).length - 1);
    }
  }

  @Test
  void theProgramsAreWhatTheSourcesGive() throws Exception {
    assumeTool("nvcc", COMPILER);
    Path build = Emulator.SOURCES.resolve("build");
    run(List.of("sh", build.toString(), folder.toString()));
    for (String name : Programs.NAMES) {
      assertEquals(
          Files.readString(folder.resolve(name + ".ptx")),
          Programs.read(name),
          name + ".ptx is not what its source gives: run " + build);
    }
  }

  @Test
  void theProgramsAssembleForTheCardsThereAre() throws Exception {
    assumeTool("ptxas", "");
    for (String name : Programs.NAMES) {
      Path program = Files.writeString(folder.resolve(name + ".ptx"), Programs.read(name));
      for (int capability : new int[] {75, 80, 90}) {
        if (capability < Programs.oldest(name)) {
          continue;
        }
        run(List.of("ptxas", "-arch=sm_" + capability, "-o", "/dev/null", program.toString()));
      }
    }
  }

  /**
   * Skips the test where a tool is missing, or another one than is wanted.
   *
   * @param version what it says of itself
   */
  private static void assumeTool(String tool, String version) throws InterruptedException {
    boolean there;
    try {
      Process process = new ProcessBuilder(tool, "--version").start();
      String said = new String(process.getInputStream().readAllBytes());
      there = process.waitFor() == 0 && said.contains(version);
    } catch (IOException e) {
      there = false;
    }
    String reason = "there is no %s %s".formatted(tool, version).strip();
    if (!there) {
      System.out.println("skipped: " + reason);
    }
    assumeTrue(there, reason);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), () -> command + ": " + said);
  }
}
