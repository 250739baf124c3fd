package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rwkv.app.chartfile.ChartFiles;
import rwkv.app.probing.ProbeCatalog;
import rwkv.app.probing.ProbeEntry;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.RunFolder;
import rwkv.app.probing.RunState;
import rwkv.app.probing.Subject;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;
import tech.tablesaw.api.Table;

/** {@code rwkv probe}: asks a question of a model's state. */
@Command(
    name = "probe",
    description = {
      "Runs a probe on a model, and writes into a folder: tables (CSV), charts (PNG and SVG) and",
      "run.json, with all that is needed to run it again (rwkv replay)."
    },
    footer = {
      "",
      "Ctrl-C ends a run and keeps what it has found so far.",
      "",
      "Examples:",
      "  rwkv probe list",
      "  rwkv probe half-life",
      "  rwkv probe half-life model.pth --out half-life --param tokens=512 --seed 7",
      "  rwkv replay half-life/run.json"
    })
final class ProbeCommand implements Callable<Integer> {

  private static final String LIST = "list";
  private static final int NOT_DONE = 1;

  @ParentCommand private RwkvCommand root;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The probe, or 'list' for all that there are.")
  private String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "The model to ask (without one: what the probe does, and its parameters).")
  private @Nullable Path model;

  @Mixin private ComputeOptions compute;
  @Mixin private TokenizerOptions tokenizer;

  @Option(
      names = "--param",
      paramLabel = "KEY=VALUE",
      description = "A parameter of the probe; numbers of a list with commas between them.")
  private List<String> parameters = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The seed of all that is random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", description = "The folder to write.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** What JSON holds. */
  record Facts(
      String probe,
      String model,
      String sha256,
      long seed,
      String state,
      String problem,
      String verdict,
      Map<String, Double> figures,
      List<String> tables,
      String out) {}

  @Override
  public Integer call() throws IOException {
    ProbeCatalog catalog = ProbeList.catalog(root);
    if (name.equals(LIST) && model == null) {
      ProbeList.print(catalog, root.out());
      return 0;
    }
    ProbeEntry probe = ProbeList.find(catalog, name);
    if (model == null) {
      ProbeList.print(probe, root.out());
      return 0;
    }
    Choices choices = choices(probe);
    Path folder = folder();
    try (TerminalProgress progress = new TerminalProgress(root)) {
      ProbeRun run = run(probe, model, choices, progress);
      write(run, folder);
      progress.close();
      print(run, folder);
      return run.state() == RunState.DONE ? 0 : NOT_DONE;
    } catch (CancellationException e) {
      root.note("cancelled");
      return NOT_DONE;
    }
  }

  private ProbeRun run(ProbeEntry probe, Path file, Choices choices, TerminalProgress progress)
      throws IOException {
    Engine engine =
        Engine.open(file, compute.backend(), compute.threads(), compute.loadOptions(), progress);
    Subject subject;
    try {
      probe
          .unsuitable(engine.spec())
          .ifPresent(reason -> {
            throw new BadInput("%s, probe %s: %s".formatted(file, probe.id(), reason));
          });
      var choice = tokenizer.choice(root, engine);
      subject =
          Subject.of(
              engine,
              compute.backend(),
              compute.threads(),
              choice.tokenizer(),
              choice.id(),
              choice.vocabulary());
    } catch (IOException | RuntimeException | Error failure) {
      engine.close();
      throw failure;
    }
    return ProbeWork.run(probe, engine, subject, choices, seed, progress);
  }

  private Choices choices(ProbeEntry probe) {
    Map<String, Object> given = new HashMap<>();
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new BadInput("--param '%s': expected KEY=VALUE".formatted(parameter));
      }
      String key = parameter.substring(0, equals);
      String typed = parameter.substring(equals + 1);
      Object value =
          probe.parameters().stream()
              .filter(setting -> setting.name().equals(key))
              .findFirst()
              .map(setting -> parsed(setting, probe, typed))
              // Unknown: choices() says so.
              .orElse(typed);
      if (given.put(key, value) != null) {
        throw new BadInput("--param %s is given twice".formatted(key));
      }
    }
    return BadInput.unless(() -> probe.choices(given));
  }

  private static Object parsed(Setting setting, ProbeEntry probe, String typed) {
    return BadInput.unless(() -> setting.parse(probe.owner(), typed));
  }

  private Path folder() throws IOException {
    Path folder = out;
    if (folder == null) {
      throw new BadInput("name the folder to write with --out DIR");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new BadInput("--out " + folder + ": this is a file");
    }
    if (Files.exists(folder.resolve(RunFolder.RUN))) {
      throw new BadInput("--out " + folder + ": there is a run in it already");
    }
    Files.createDirectories(folder);
    return folder;
  }

  private static void write(ProbeRun run, Path folder) throws IOException {
    ChartFiles.write(run, folder);
    RunFolder.write(run, folder);
  }

  private void print(ProbeRun run, Path folder) {
    if (json) {
      Json.print(
          new Facts(
              run.probe().id(),
              run.model().file().toString(),
              run.sha256(),
              run.seed(),
              run.state().word(),
              run.problem(),
              run.result().verdict(),
              run.result().figures(),
              run.result().tables().stream().map(Table::name).toList(),
              folder.toString()),
          root.out());
    } else {
      if (!run.result().verdict().isEmpty()) {
        root.out().println(run.result().verdict());
      }
      run.result()
          .figures()
          .forEach(
              (figure, value) -> root.out().printf(Locale.ROOT, "  %-32s %.6g%n", figure, value));
    }
    if (run.state() == RunState.CANCELLED) {
      root.note("cancelled; what there is, is in " + folder);
    }
    if (!run.problem().isEmpty()) {
      root.note(run.problem());
    }
  }
}
