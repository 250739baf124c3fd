package rwkv.engine.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.ReferenceData;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;

/** The program that checks a device. */
class MainTest {

  private final String seed = "" + Seeds.random("device check").nextLong();

  @TempDir Path folder;

  /** What a run of the program gave. */
  private record Ran(int code, String out, String err) {

    List<String> rows() {
      return out.lines().filter(line -> line.startsWith("| ")).skip(1).toList();
    }

    List<String> failed() {
      return rows().stream().filter(row -> row.endsWith("| FAILED |")).toList();
    }

    boolean says(String text) {
      return rows().stream().anyMatch(row -> row.contains(text));
    }
  }

  private Ran run(Backend planted, String... options) {
    return run(new Backends(List.of(planted)), "planted", options);
  }

  private Ran run(Backends backends, String device, String... options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] arguments =
        Stream.concat(
                Stream.of("--device", device, "--seed", seed, "--threads", "2"), Stream.of(options))
            .toArray(String[]::new);
    int code =
        Main.run(
            backends,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static String samples() {
    Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    return Stream.iterate(start, above -> above != null, Path::getParent)
        .map(above -> above.resolve("sample-models"))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  @Test
  void theProcessorPassesAndTheFileHoldsThePrintedTable() throws IOException {
    Path file = folder.resolve("table.md");
    Ran ran =
        run(
            Backends.installed(),
            "cpu",
            "--quick",
            "--shapes",
            "2x64x300",
            "--commit",
            "abc1234",
            "--out",
            file.toString(),
            "--data",
            samples());
    assertEquals(0, ran.code, ran.out + ran.err);
    assertEquals("", ran.err);
    assertEquals(ran.out, Files.readString(file));
    assertTrue(ran.out.contains("- commit: abc1234"), ran.out);
    for (String row : ran.rows()) {
      assertEquals(5, row.chars().filter(c -> c == '|').count(), row);
    }
    Set<String> kinds = KernelCase.all().stream().map(KernelCase::kind).collect(Collectors.toSet());
    for (String kind : kinds) {
      assertTrue(ran.says("| kernel " + kind + " |"), kind);
    }
    assertTrue(ran.says("| model stories-v7/stories-v7.pth |"), ran.out);
    assertTrue(ran.says("| every site of recall-v7/recall-v7.pth |"), ran.out);
    assertTrue(ran.says("| decoding 1,500 tokens of recall-v7.pth |"), ran.out);
    for (String figure : List.of("bounds", "decoding", "prefill of 32 tokens")) {
      assertTrue(ran.says("| bench 2x64x300, " + figure + " |"), figure);
    }
    assertTrue(ran.says("backward"), ran.out);
  }

  @Test
  void allReferenceModelsAndGradientsAreRunWhereTheyAre() {
    String reference = ReferenceData.require("").toString();
    Ran ran =
        run(
            Backends.installed(),
            "cpu",
            "--only",
            "golden,gradients",
            "--data",
            reference,
            "--data",
            samples());
    assertEquals(0, ran.code, ran.out);
    for (GoldenModel model : GoldenModel.all()) {
      assertTrue(ran.says("| model " + model + " |"), model.toString());
    }
    long gradients = ran.rows().stream().filter(row -> row.startsWith("| gradients ")).count();
    assertEquals(GradientVectors.files().size(), gradients);
    assertFalse(ran.says("skipped"), ran.out);
  }

  @Test
  void aKernelThatIsWrongInOneNumberFailsItsRowsAndNoOthers() {
    Ran ran = run(PlantedBackend.of(PlantedBackend.wrong("wkv7", 0.01f)), "--only", "kernels");
    assertEquals(1, ran.code, ran.out);
    assertEquals(1, ran.failed().size(), ran.out);
    assertTrue(ran.failed().getFirst().startsWith("| kernel wkv7 |"), ran.out);
  }

  @Test
  void aKernelThatIsNoNumberFails() {
    Ran ran =
        run(PlantedBackend.of(PlantedBackend.wrong("decay7", Float.NaN)), "--only", "kernels");
    assertEquals(1, ran.code, ran.out);
    assertEquals(1, ran.failed().size(), ran.out);
    assertTrue(ran.failed().getFirst().startsWith("| kernel decay7 |"), ran.out);
  }

  @Test
  void aKernelThatWritesBehindItsOutputFails() {
    Ran ran =
        run(
            PlantedBackend.of(
                new PlantedBackend.Plant() {
                  @Override
                  public void after(Method kernel, Object[] arguments) {
                    if (kernel.getName().equals("decay6")) {
                      Buffer out = (Buffer) arguments[0];
                      PlantedBackend.add(out.as(1, out.rows() + 1), out.length(), 1);
                    }
                  }
                }),
            "--only",
            "kernels");
    assertEquals(1, ran.code, ran.out);
    assertEquals(1, ran.failed().size(), ran.out);
    assertTrue(ran.failed().getFirst().contains("6 numbers written behind an output"), ran.out);
  }

  @Test
  void modelsThatComputeSomethingElseFail() {
    Ran ran =
        run(
            PlantedBackend.of(PlantedBackend.wrong("groupNorm", 0.05f)),
            "--only",
            "golden,samples",
            "--data",
            samples());
    assertEquals(1, ran.code, ran.out);
    List<String> failed = ran.failed();
    assertTrue(failed.stream().anyMatch(row -> row.startsWith("| model stories-v7/")), ran.out);
    assertTrue(
        failed.stream().anyMatch(row -> row.startsWith("| every site of recall-v7/")), ran.out);
    assertTrue(
        failed.stream()
            .noneMatch(
                row -> row.startsWith("| every site of permutations/perm") && row.contains("v4")),
        ran.out);
  }

  @Test
  void aLostDeviceEndsTheTableWithItsSentence() {
    Ran ran =
        run(
            PlantedBackend.of(
                new PlantedBackend.Plant() {
                  @Override
                  public void before(Method kernel, Object[] arguments) {
                    if (kernel.getName().equals("wkv4")) {
                      throw new PlantedBackend.Failure("the planted device fell off", true);
                    }
                  }
                }),
            "--only",
            "facts,kernels,long,bench",
            "--data",
            samples());
    assertEquals(1, ran.code, ran.out);
    assertTrue(ran.rows().getLast().contains("the planted device fell off"), ran.out);
    assertFalse(ran.says("bench"), ran.out);
  }

  @Test
  void aDeviceThatCannotBeUsedIsTwoAndOneSentence() {
    Availability none = new Availability.Unavailable("no card in this computer");
    Ran ran = run(new PlantedBackend(none, null, PlantedBackend.wrong("", 0)), "--only", "facts");
    assertEquals(2, ran.code);
    assertEquals("", ran.out);
    assertEquals(
        "backend planted cannot be used: no card in this computer" + System.lineSeparator(),
        ran.err);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fast",
        "--only kernels,colours",
        "--threads 0",
        "--seed x",
        "--shapes 7x65",
        "--shapes large",
        "--out"
      })
  void aWrongOptionIsTwoAndOneSentence(String options) {
    Ran ran = run(Backends.installed(), "cpu", options.split(" "));
    assertEquals(2, ran.code, ran.out);
    assertEquals("", ran.out);
    assertEquals(1, ran.err.lines().count(), ran.err);
  }

  @Test
  void theListOfFilesNamesEachReferenceModelWithItsNumbers() {
    Ran ran = run(Backends.installed(), "cpu", "--list-files");
    assertEquals(0, ran.code);
    List<String> lines = ran.out.lines().toList();
    for (GoldenModel model : GoldenModel.all()) {
      assertTrue(lines.contains(String.join(" ", model.files())), model.toString());
    }
  }
}
