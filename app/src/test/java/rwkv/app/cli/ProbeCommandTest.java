package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.plugins.JarMaker;
import rwkv.app.plugins.Limits;
import rwkv.app.plugins.Plugins;

/** {@code rwkv probe} and {@code rwkv replay}. */
class ProbeCommandTest {

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = TestModel.write(folder);
    install(
        "Echo",
        """
        public List<Setting> parameters() {
          return List.of(
              Setting.whole("rows", 3, 1, 100, "rows to add"),
              Setting.reals("factors", List.of(0.5, 2.0), 0, 10, "to multiply with"));
        }
        """,
        """
        public ProbeResult run(ProbeContext context) {
          Rows rows =
              context.findings().table("noise", TableColumn.whole("n"), TableColumn.real("x"));
          context.findings()
              .chart(new Chart.Lines("Noise", "noise", Chart.Axis.of("n"), Chart.Axis.of("x"), null));
          float[] logits = context.session().decode(1 + (int) (context.seed() % 200));
          int count = context.parameters().whole("rows");
          for (int n = 0; n < count; n++) {
            rows.add(n, logits[n] * context.parameters().reals("factors").getFirst());
            context.progress().at((n + 1.0) / count);
          }
          context.findings().figure("rows", count);
          return context.findings().result("It is noise.");
        }
        """);
  }

  private Path plugins() {
    return folder.resolve("plugins");
  }

  private void install(String name, String... members) throws IOException {
    JarMaker.probe(name, members).write(plugins().resolve(name + ".jar"));
    Plugins window = new Plugins(plugins(), Limits.USUAL, true);
    window.look();
    window.entries().forEach(entry -> window.allow(entry.jar(), true));
  }

  private Cli run(Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        RwkvCommand.run(
            Arrays.stream(words).map(String::valueOf).toArray(String[]::new),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of(plugins()));
    return new Cli(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  private void refused(String expected, Object... words) {
    Cli cli = run(words);
    assertEquals(2, cli.code(), cli.err());
    assertTrue(cli.err().contains(expected), cli.err());
    assertEquals(1, cli.err().lines().count(), cli.err());
  }

  @Test
  void probesAreListedWithWhatTheyAskAndTheirParameters() {
    String list = run("probe", "list").text();
    assertTrue(list.contains("echo             Is it plain?"), list);
    assertTrue(list.contains("(Echo.jar)"), list);
    String echo = run("probe", "echo").text();
    assertTrue(
        echo.contains("rows             rows to add (a whole number from 1 to 100; default: 3)"),
        echo);
    assertTrue(echo.contains("default: 0.5,2.0"), echo);
  }

  @Test
  void aRunIsWrittenAndItsReplayIsTheSame() throws IOException {
    Path out = folder.resolve("runs/echo");
    Cli cli =
        run("probe", "echo", model, "--out", out, "--param", "rows=7", "--param", "factors=3,4");
    assertEquals(0, cli.code(), cli.err());
    assertTrue(cli.text().startsWith("It is noise."), cli.text());
    assertTrue(cli.text().contains("rows"), cli.text());
    for (String file : List.of("run.json", "noise.csv", "noise.png", "noise.svg")) {
      assertTrue(Files.size(out.resolve(file)) > 0, file);
    }
    Cli replay = run("replay", out.resolve("run.json"));
    assertEquals(0, replay.code(), replay.err());
    assertTrue(replay.text().startsWith("The same: all 15 numbers"), replay.text());

    Path moved = folder.resolve("elsewhere.safetensors");
    Files.copy(model, moved);
    Cli elsewhere = run("replay", out, "--model", moved);
    assertEquals(0, elsewhere.code(), elsewhere.err());
    refused("there is a run in it already", "probe", "echo", model, "--out", out);

    Path csv = out.resolve("noise.csv");
    List<String> lines = Files.readAllLines(csv);
    lines.set(1, "0,1e9");
    Files.write(csv, lines);
    Cli changed = run("replay", out.resolve("run.json"));
    assertEquals(1, changed.code());
    assertTrue(
        changed
            .text()
            .contains("1 of 15 cells are different, most of all row 1 of x in table noise"),
        changed.text());
  }

  @Test
  void jsonSaysWhatWasFound() {
    Path out = folder.resolve("echo");
    String json = run("probe", "echo", model, "--out", out, "--json", "--seed", 5).text();
    assertTrue(json.contains("\"seed\" : 5"), json);
    assertTrue(json.contains("\"state\" : \"done\""), json);
    assertTrue(json.contains("\"rows\" : 3.0"), json);
  }

  @Test
  void anotherModelOrAMissingProbeIsSaidInASentence() throws IOException {
    Path out = folder.resolve("echo");
    assertEquals(0, run("probe", "echo", model, "--out", out).code());
    Path other = TestModel.write(folder.resolve("other.safetensors"), 2, 99);
    refused("is not the model of the run", "replay", out, "--model", other);
    Path json = out.resolve("run.json");
    String text = Files.readString(json);
    Files.writeString(json, text.replaceFirst("\"rows\" : 3,", ""));
    refused("parameter rows of probe echo is missing", "replay", out);
    Files.writeString(json, text.replace("\"id\" : \"echo\"", "\"id\" : \"gone\""));
    refused("there is no probe 'gone'", "replay", out);
    refused("no such file", "replay", folder.resolve("none.json"));
  }

  @Test
  void whatIsWrongIsRefusedInOneLine() {
    Path out = folder.resolve("out");
    refused("there is no probe 'nothing'", "probe", "nothing");
    refused("--out DIR", "probe", "echo", model);
    refused("expected KEY=VALUE", "probe", "echo", model, "--out", out, "--param", "rows");
    refused("no setting 'row'", "probe", "echo", model, "--out", out, "--param", "row=1");
    refused(
        "rows of probe echo is 101.0", "probe", "echo", model, "--out", out, "--param", "rows=101");
    assertFalse(Files.exists(out));
  }

  @Test
  void aProbeThatFailsIsNamedAndItsRowsAreKept() throws IOException {
    install(
        "Broken",
        """
        public ProbeResult run(ProbeContext context) {
          context.findings().table("rows", TableColumn.whole("n")).add(1);
          throw new IllegalStateException("out of luck");
        }
        """);
    Path out = folder.resolve("broken");
    Cli cli = run("probe", "broken", model, "--out", out);
    assertEquals(1, cli.code());
    assertTrue(cli.err().contains("out of luck"), cli.err());
    assertEquals("n\n1\n", Files.readString(out.resolve("rows.csv")));
    assertTrue(Files.readString(out.resolve("run.json")).contains("\"failed\""));
  }
}
