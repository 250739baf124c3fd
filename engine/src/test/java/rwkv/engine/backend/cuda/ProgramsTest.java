package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The PTX in the jar is what the sources give, and every card since Turing takes it. */
class ProgramsTest {

  /** The compiler that the programs were made by; another one may write others. */
  private static final String COMPILER = "release 13.0";

  private static final Path BUILD = Emulator.SOURCES.resolve("build");

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

  /** Needs no compiler: what was made says of which sources. */
  @Test
  void theProgramsWereMadeOfTheseSources() throws Exception {
    Map<String, String> there = new TreeMap<>();
    try (Stream<Path> sources = Files.list(Emulator.SOURCES)) {
      for (Path source : sources.toList()) {
        String name = source.getFileName().toString();
        if (name.equals("build") || name.endsWith(".cu") || name.endsWith(".cuh")) {
          there.put(name, digest(Files.readAllBytes(source)));
        }
      }
    }
    for (String name : Programs.NAMES) {
      there.put(name + ".ptx", digest(Programs.read(name).getBytes(StandardCharsets.UTF_8)));
    }
    Map<String, String> made = new TreeMap<>();
    try (InputStream in = Programs.class.getResourceAsStream("made.sha256")) {
      String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      lines.lines().map(line -> line.split(" +")).forEach(line -> made.put(line[1], line[0]));
    }
    assertEquals(there, made, "the programs are not what their sources give: run " + BUILD);
  }

  @Test
  @EnabledIfSystemProperty(named = "cuda.compile", matches = "true")
  void theProgramsAreWhatTheSourcesGive() throws Exception {
    assumeTool("nvcc", COMPILER);
    run(List.of("sh", BUILD.toString(), folder.toString()));
    for (String name : Programs.NAMES) {
      List<String> made = instructions(Files.readString(folder.resolve(name + ".ptx")));
      boolean same = made.equals(instructions(Programs.read(name)));
      assertTrue(same, name + ".ptx is not what its source gives: run " + BUILD);
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

  /**
   * A program without what differs from one run of the compiler to the next: the order that it
   * gives to registers, and to instructions that do not need each other.
   */
  private static List<String> instructions(String program) {
    return program.lines().map(line -> line.replaceAll("%[a-z]+\\d+", "%")).sorted().toList();
  }

  private static String digest(byte[] content) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), () -> command + ": " + said);
  }
}
