package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rwkv.app.probing.FileHash;
import rwkv.app.probing.ProbeEntry;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.RunComparison;
import rwkv.app.probing.RunFolder;
import rwkv.app.probing.RunState;
import rwkv.app.probing.Subject;
import rwkv.app.probing.SubjectFacts;
import rwkv.engine.backend.Backends;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Choices;

/** {@code rwkv replay}: runs a probe again. */
@Command(
    name = "replay",
    description = {
      "Runs a probe again as run.json says, and compares every number with what was found then,",
      "bit for bit. The exit code is 1 if something is different."
    },
    footer = {
      "",
      "Examples:",
      "  rwkv replay needle/run.json",
      "  rwkv replay needle/run.json --model elsewhere/model.pth"
    })
final class ReplayCommand implements Callable<Integer> {

  private static final int DIFFERENT = 1;

  @ParentCommand private RwkvCommand root;

  @Parameters(paramLabel = "RUN", description = "The run.json of a run, or its folder.")
  private Path file;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "The model, where it is not in its old place.")
  private @Nullable Path model;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes (default: what computed then).")
  private @Nullable String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default: as many as then).")
  private @Nullable Integer threads;

  @Override
  public Integer call() throws IOException {
    ProbeRun was = RunFolder.read(Files.isDirectory(file) ? file.resolve(RunFolder.RUN) : file);
    ProbeEntry probe = ProbeList.find(ProbeList.catalog(root), was.probe().id());
    Choices choices = choices(probe, was);
    if (was.model().isChanged()) {
      throw new BadInput(
          "%s: its model was changed after it was opened, its file alone cannot replay it"
              .formatted(file));
    }
    try (TerminalProgress progress = new TerminalProgress(root)) {
      ProbeRun now = again(was, probe, choices, progress);
      progress.close();
      return report(was, now);
    } catch (CancellationException e) {
      root.note("cancelled");
      return DIFFERENT;
    }
  }

  private Choices choices(ProbeEntry probe, ProbeRun was) {
    probe
        .parameters()
        .forEach(setting -> {
          if (!was.parameters().containsKey(setting.name())) {
            throw new BadInput(
                "%s: parameter %s of %s is missing".formatted(file, setting.name(), probe.owner()));
          }
        });
    return BadInput.unless(() -> probe.choices(was.parameters()));
  }

  private ProbeRun again(ProbeRun was, ProbeEntry probe, Choices choices, TerminalProgress progress)
      throws IOException {
    SubjectFacts facts = was.model();
    Path place = model == null ? facts.file() : model;
    String chosen = backend == null ? facts.backend() : backend;
    String id = BadInput.unless(() -> Backends.installed().choose(chosen)).id();
    int count = threads == null ? facts.threads() : threads;
    if (count < 1 || count > ComputeOptions.MOST_THREADS) {
      throw new BadInput(
          "--threads is " + count + ", it must be from 1 to " + ComputeOptions.MOST_THREADS);
    }
    Engine engine = Engine.open(place, id, count, facts.options(), progress);
    Subject subject;
    try {
      String sha256 = FileHash.sha256(engine.checkpoint().files(), progress);
      if (!sha256.equals(was.sha256())) {
        throw new BadInput(
            "%s is not the model of the run: its SHA-256 is %s, expected %s"
                .formatted(place, sha256, was.sha256()));
      }
      var choice = new TokenizerChoices(root, engine).choice(facts.tokenizer(), facts.vocabulary());
      subject = Subject.of(engine, id, count, choice.tokenizer(), choice.id(), choice.vocabulary());
    } catch (IOException | RuntimeException | Error failure) {
      engine.close();
      throw failure;
    }
    return ProbeWork.run(probe, engine, subject, choices, was.seed(), progress);
  }

  private int report(ProbeRun was, ProbeRun now) {
    if (now.state() != RunState.DONE) {
      root.note(now.problem().isEmpty() ? "cancelled" : now.problem());
      return DIFFERENT;
    }
    RunComparison comparison = RunComparison.of(was, now);
    if (comparison.isSame()) {
      root.out().printf("The same: all %d numbers and texts, bit for bit.%n", comparison.cells());
      return 0;
    }
    comparison.differences().forEach(root.out()::println);
    if (!was.program().equals(now.program())) {
      root.out()
          .printf(
              "It was run by version %s of the program, now by %s.%n",
              was.program(), now.program());
    }
    return DIFFERENT;
  }
}
