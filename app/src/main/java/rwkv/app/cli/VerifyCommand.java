package rwkv.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.verify.Identity;
import rwkv.engine.verify.Report;
import rwkv.engine.verify.ReportTable;
import rwkv.engine.verify.SelfTest;
import rwkv.engine.verify.SiteError;

/** {@code rwkv verify}: whether what a model computes here is what it should compute. */
@Command(
    name = "verify",
    description = {
      "Compares a model, as it runs here, with a scalar reference in double precision on the same",
      "weights: every site of every layer, the state and the logits. Then it checks that prefill",
      "equals decoding and that a restored state goes on as it was."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:green, the numbers are the model's",
      "1:unexpected failure",
      "2:bad input: one line says what is wrong",
      "3:amber, near the model's but not within rounding",
      "4:red, not the model's"
    },
    footer = {
      "",
      "Examples:",
      "  rwkv verify model.pth",
      "  rwkv verify model.gguf --backend cpu --tokens 32 --csv errors.csv"
    })
final class VerifyCommand implements Callable<Integer> {

  private static final int SHOWN = 10;
  private static final int AMBER = 3;
  private static final int RED = 4;

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens to run, at least 2 (default: as many as take some seconds).")
  private @Nullable Integer tokens;

  @Option(
      names = "--csv",
      paramLabel = "OUT",
      description = "Write the errors of all sites to this file.")
  private @Nullable Path csv;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (tokens != null && tokens < 2) {
      throw new BadInput("--tokens is " + tokens + ", it must be at least 2");
    }
    if (csv != null) {
      model.checkOutput("--csv", csv);
    }
    try (Engine engine = model.open()) {
      int count = tokens == null ? SelfTest.defaultTokens(engine.spec()) : tokens;
      Report report = SelfTest.run(engine, count, Progress.NONE);
      if (csv != null) {
        Files.writeString(csv, ReportTable.csv(report));
      }
      if (json) {
        Json.print(Facts.of(report), root.out());
      } else {
        print(report, root.out());
      }
      return switch (report.verdict()) {
        case GREEN -> 0;
        case AMBER -> AMBER;
        case RED -> RED;
      };
    }
  }

  private static void print(Report report, PrintStream out) {
    Lines lines = new Lines(out);
    lines.add("model", "%s", report.model());
    lines.add("tested", "%s", report.configuration());
    lines.add("tokens", "%d", report.tokens().length);
    lines.add("verdict", "%s", report.verdict().name().toLowerCase(Locale.ROOT));
    lines.add("", "%s", report.sentence());
    for (Identity identity : report.identities()) {
      String kept =
          identity.relative() == 0
              ? "to the bit"
              : String.format(Locale.ROOT, "off by %.2g", identity.relative());
      lines.add("identity", "%s: %s", identity.name(), kept);
    }
    List<SiteError> worst =
        report.sites().stream()
            .sorted(Comparator.comparingDouble(SiteError::relative).reversed())
            .limit(SHOWN)
            .toList();
    out.printf(
        Locale.ROOT,
        "%n%-5s  %-16s  %-10s  %-10s  %-10s  %5s  %7s%n",
        "layer",
        "site",
        "relative",
        "error",
        "largest",
        "token",
        "channel");
    for (SiteError site : worst) {
      out.printf(
          Locale.ROOT,
          "%-5d  %-16s  %-10.2e  %-10.2e  %-10.2e  %5d  %7d%n",
          site.layer(),
          site.site(),
          site.relative(),
          site.error(),
          site.largest(),
          site.token(),
          site.channel());
    }
    if (report.sites().size() > SHOWN) {
      out.printf(
          Locale.ROOT, "… and %d sites with smaller errors%n", report.sites().size() - SHOWN);
    }
  }

  /** What JSON holds. */
  record Facts(
      String model,
      String configuration,
      int tokens,
      String verdict,
      String sentence,
      SiteError worst,
      List<Identity> identities,
      List<SiteError> sites) {
    static Facts of(Report report) {
      return new Facts(
          report.model(),
          report.configuration(),
          report.tokens().length,
          report.verdict().name().toLowerCase(Locale.ROOT),
          report.sentence(),
          report.worst(),
          report.identities(),
          report.sites());
    }
  }
}
