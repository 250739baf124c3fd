package rwkv.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What several runs of {@code rwkv bench --json} printed, as one Markdown table. */
final class BenchTable {

  private static final String HEAD =
      """
      | shape | weights | threads | decode, tokens/s | of dense ceiling | prefill, tokens/s \
      | weights per token, MB | memory read, GB/s | resident, MiB | of weights and state \
      | load, s | first token, s |
      |---|---|---|---|---|---|---|---|---|---|---|---|\
      """;

  private BenchTable() {}

  /**
   * @param folder of .json files; the order of rows is by number of parameters, then by bytes per
   *     token
   * @throws BadInput if there is none, or one is not of {@code rwkv bench}
   */
  static void print(Path folder, PrintStream out) throws IOException {
    List<JsonNode> reports = read(folder);
    reports.sort(
        Comparator.<JsonNode>comparingLong(r -> size(r))
            .thenComparing(r -> -r.at("/weights/bytes_per_token").asLong())
            .thenComparing(r -> -r.at("/threads").asInt()));
    out.println(HEAD);
    reports.forEach(r -> out.println(row(r)));
    Set<String> measuredOn = new LinkedHashSet<>();
    for (JsonNode r : reports) {
      measuredOn.add(
          "%s, %d processors, Java %s, %s"
              .formatted(
                  r.at("/machine/processor").asString(),
                  r.at("/machine/processors").asInt(),
                  r.at("/machine/java").asString(),
                  r.at("/date").asString().replaceFirst("T.*", "")));
    }
    out.println();
    measuredOn.forEach(out::println);
  }

  private static long size(JsonNode report) {
    return report.at("/model/layers").asLong()
        * report.at("/model/channels").asLong()
        * report.at("/model/channels").asLong();
  }

  private static List<JsonNode> read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadInput("--table " + folder + ": expected a folder of .json files");
    }
    List<JsonNode> reports = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        reports.add(report(file));
      }
    }
    if (reports.isEmpty()) {
      throw new BadInput("--table " + folder + ": expected .json files of 'rwkv bench --json'");
    }
    return reports;
  }

  private static JsonNode report(Path file) {
    try {
      JsonNode report = new JsonMapper().readTree(file.toFile());
      if (report.at("/decode/share_of_ceiling").isNumber()) {
        return report;
      }
    } catch (JacksonException e) {
      throw new BadInput(file + " is no JSON of 'rwkv bench --json'", e);
    }
    throw new BadInput(file + " is no JSON of 'rwkv bench --json'");
  }

  private static String row(JsonNode r) {
    double resident = r.at("/memory/resident_bytes").asDouble(Double.NaN);
    double needed = r.at("/model/bytes").asDouble() + r.at("/memory/state_bytes").asDouble();
    return String.format(
        Locale.ROOT,
        "| %d x %d | %s%s | %d | %s | %.0f %% | %s | %.0f | %.1f | %s | %s | %.2f | %.2f |",
        r.at("/model/layers").asInt(),
        r.at("/model/channels").asInt(),
        r.at("/model/dtype").asString(),
        zeros(r),
        r.at("/threads").asInt(),
        speed(r.at("/decode/tokens_per_second").asDouble()),
        100 * r.at("/decode/share_of_ceiling").asDouble(),
        speed(r.at("/prefill/tokens_per_second").asDouble()),
        r.at("/weights/bytes_per_token").asDouble() * 1e-6,
        r.at("/bandwidth/bytes_per_second").asDouble() * 1e-9,
        Double.isNaN(resident) ? "" : "%.0f".formatted(resident / (1 << 20)),
        Double.isNaN(resident) ? "" : String.format(Locale.ROOT, "%.2f", resident / needed),
        r.at("/load/seconds").asDouble(),
        r.at("/first_token/seconds").asDouble());
  }

  /** Three digits at least. */
  private static String speed(double tokensPerSecond) {
    return String.format(Locale.ROOT, tokensPerSecond < 100 ? "%.1f" : "%.0f", tokensPerSecond);
  }

  private static String zeros(JsonNode r) {
    JsonNode zeros = r.at("/channel_mixing/skipped");
    return zeros.isNumber()
        ? String.format(Locale.ROOT, ", %.0f %% skipped", 100 * zeros.asDouble())
        : "";
  }
}
