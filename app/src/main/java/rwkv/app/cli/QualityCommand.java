package rwkv.app.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.app.theme.Sizes;
import rwkv.engine.bench.Quality;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;

/** {@code rwkv quality}: what each weight type does to a model's predictions. */
@Command(
    name = "quality",
    description = {
      "Stores a model's matrices in other types, in memory, and compares what it predicts: the"
          + " mean",
      "divergence KL(p || q) in nats of the predictions q from the model's own, p, and how often",
      "the likeliest token is the same."
    },
    footer = {
      "",
      "Where weights are f32, f16 or bf16 the model's own predictions are those of f32. Without"
          + " --text the model writes the text itself.",
      "",
      "Examples:",
      "  rwkv quality model.pth",
      "  rwkv quality model.pth --dtype q8_0,q4_k --text story.txt --json"
    })
final class QualityCommand implements Callable<Integer> {

  private static final int CANCELLED = 1;
  private static final long SEED = 1;

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;
  @Mixin private TokenizerOptions tokenizer;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      split = ",",
      description = "Only these types, separated by commas (default: all).")
  private List<String> dtypes = List.of();

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "UTF-8 text to predict (default: what the model writes itself).")
  private @Nullable Path text;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "2048",
      description = "Predictions to compare, at most (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * One type.
   *
   * @param divergence in nats
   * @param agreement share of predictions with the same likeliest token
   */
  record Row(String dtype, long bytesPerToken, int tokens, double divergence, double agreement) {
    static Row of(Quality quality) {
      return new Row(
          WeightTypes.name(quality.dtype()),
          quality.bytesPerToken(),
          quality.tokens(),
          quality.divergence(),
          quality.agreement());
    }
  }

  /** What JSON holds. */
  record Facts(
      String model,
      String stored,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String text,
      List<Row> types) {}

  @Override
  public Integer call() throws IOException {
    if (tokens < 1) {
      throw new BadInput("--tokens is " + tokens + ", it must be at least 1");
    }
    List<DType> wanted =
        dtypes.isEmpty()
            ? WeightTypes.ALL
            : dtypes.stream().map(WeightTypes::parse).distinct().toList();
    try (Engine engine = model.open();
        TerminalProgress progress = new TerminalProgress(root)) {
      int[] predicted = text(engine);
      List<Row> rows = new ArrayList<>();
      for (DType type : wanted) {
        Quality found =
            Quality.of(engine, type, model.backend(), model.threads(), predicted, progress);
        rows.add(Row.of(found));
      }
      progress.close();
      print(engine, rows);
      return 0;
    } catch (CancellationException e) {
      root.note("cancelled");
      return CANCELLED;
    }
  }

  private int[] text(Engine engine) throws IOException {
    if (text == null) {
      return Quality.ownText(engine, tokens, SEED);
    }
    int[] read = tokenizer.choose(root, engine).encode(Files.readString(text));
    if (read.length == 0) {
      throw new BadInput("--text " + text + " is empty");
    }
    return Arrays.copyOf(read, Math.min(read.length, tokens));
  }

  private void print(Engine engine, List<Row> rows) {
    if (json) {
      String stored = WeightTypes.name(engine.spec().stored());
      String file = text == null ? null : text.toString();
      Json.print(new Facts(engine.file().toString(), stored, file, rows), root.out());
      return;
    }
    root.out()
        .printf(
            Locale.ROOT,
            "%-6s  %16s  %18s  %14s%n",
            "type",
            "bytes per token",
            "divergence, nats",
            "same likeliest");
    for (Row row : rows) {
      root.out()
          .printf(
              Locale.ROOT,
              "%-6s  %16s  %18.2e  %12.2f %%%n",
              row.dtype,
              Sizes.bytes(row.bytesPerToken),
              row.divergence,
              100 * row.agreement);
    }
  }
}
