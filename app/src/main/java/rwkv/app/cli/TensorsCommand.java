package rwkv.app.cli;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rwkv.app.tensors.TensorColumn;
import rwkv.app.tensors.TensorEntry;
import rwkv.app.tensors.TensorFilter;
import rwkv.app.tensors.TensorTables;
import rwkv.app.tensors.TensorsViewModel;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.tensor.Tensor;
import tech.tablesaw.io.csv.CsvWriteOptions;

/** {@code rwkv tensors}: what is in a file, model or not. */
@Command(
    name = "tensors",
    description = {
      "Lists the tensors of a file: name, shape, type, bytes, and what their numbers are like.",
      "The file need not be a model: states and vectors are listed too. Extremes, mean and standard"
          + " deviation are those of the finite numbers."
    },
    footer = {
      "",
      "Examples:",
      "  rwkv tensors model.pth",
      "  rwkv tensors model.pth --filter \"3.att key\"",
      "  rwkv tensors model.pth --regex \"blocks\\.[0-3]\\.ffn\" --csv > tensors.csv",
      "  rwkv tensors model.pth --no-statistics --json | jq .bytes"
    })
final class TensorsCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;

  @Parameters(paramLabel = "FILE", description = "A file of tensors: a model, a state, vectors.")
  private Path file;

  @ArgGroup(exclusive = true)
  private Picking picking = new Picking();

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  @Option(names = "--no-statistics", description = "Do not read the numbers.")
  private boolean withoutStatistics;

  private static final class Picking {
    @Option(
        names = "--filter",
        paramLabel = "TEXT",
        description = "Only tensors with all these words in their name, or of this type.")
    private String words = "";

    @Option(
        names = "--regex",
        paramLabel = "REGEX",
        description = "Only tensors whose name has a match of this regular expression.")
    private String expression = "";

    Predicate<TensorEntry> predicate() {
      return expression.isEmpty()
          ? TensorFilter.words(words)
          : BadInput.unless(() -> TensorFilter.expression(expression));
    }
  }

  private static final class Form {
    @Option(names = "--json", description = "Print JSON, histograms included.")
    private boolean json;

    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;
  }

  @Override
  public Integer call() {
    Predicate<TensorEntry> fits = picking.predicate();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      List<Tensor> all = List.copyOf(checkpoint.tensors().values());
      List<TensorEntry> picked = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        TensorEntry entry = TensorEntry.of(i, all.get(i));
        if (fits.test(entry)) {
          picked.add(entry);
        }
      }
      if (form.json) {
        Json.print(TensorFacts.of(checkpoint, all, learn(all, picked)), root.out());
      } else if (form.csv) {
        csv(learn(all, picked));
      } else {
        print(all, picked);
      }
      return 0;
    }
  }

  private List<TensorEntry> learn(List<Tensor> all, List<TensorEntry> picked) {
    return picked.stream().map(entry -> learn(all, entry)).toList();
  }

  private TensorEntry learn(List<Tensor> all, TensorEntry entry) {
    return withoutStatistics ? entry : entry.with(TensorStatistics.of(all.get(entry.index())));
  }

  private void csv(List<TensorEntry> picked) {
    StringWriter text = new StringWriter();
    TensorTables.list(picked)
        .write()
        .usingOptions(
            CsvWriteOptions.builder(text)
                .lineEnd("\n")
                .ignoreLeadingWhitespaces(false)
                .ignoreTrailingWhitespaces(false)
                .build());
    root.out().print(text);
  }

  /** A line at a time, because large tensors take their time; stops when nobody reads any more. */
  private void print(List<Tensor> all, List<TensorEntry> picked) {
    List<TensorColumn> columns =
        TensorColumn.inWords().stream()
            .filter(column -> !withoutStatistics || !column.isStatistic())
            .toList();
    int[] widths = columns.stream().mapToInt(column -> width(column, picked)).toArray();
    Consumer<List<String>> line = words -> root.out().println(line(columns, widths, words));
    line.accept(columns.stream().map(TensorColumn::title).toList());
    for (TensorEntry entry : picked) {
      TensorEntry known = learn(all, entry);
      line.accept(columns.stream().map(column -> column.text(known)).toList());
      if (root.out().checkError()) {
        return;
      }
    }
    long bytes = all.stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
    root.out().println(TensorsViewModel.total(all.size(), bytes, picked.size()));
  }

  private static int width(TensorColumn column, List<TensorEntry> entries) {
    int least = column.isStatistic() ? 10 : column.title().length();
    return entries.stream().mapToInt(entry -> column.text(entry).length()).reduce(least, Math::max);
  }

  private static String line(List<TensorColumn> columns, int[] widths, List<String> words) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String format = columns.get(i).isNumeric() ? "%" + widths[i] + "s" : "%-" + widths[i] + "s";
      line.append(i == 0 ? "" : "  ").append(String.format(Locale.ROOT, format, words.get(i)));
    }
    return line.toString().stripTrailing();
  }
}
