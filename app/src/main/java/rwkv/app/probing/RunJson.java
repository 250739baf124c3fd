package rwkv.app.probing;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.app.probing.ProbeRun.AskedProbe;
import rwkv.engine.model.LoadOptions;
import rwkv.plugin.Chart;
import rwkv.plugin.ProbeResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A run as JSON: all of it but the rows of its tables. */
final class RunJson {

  private static final int FORMAT = 1;

  private RunJson() {}

  /** All but the tables, which {@link TableFiles} adds. */
  static ObjectNode write(ProbeRun run) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT).put("id", run.id());
    AskedProbe probe = run.probe();
    ObjectNode asked = json.putObject("probe");
    asked.put("id", probe.id()).put("name", probe.name()).put("origin", probe.origin());
    write(json, run.model(), run.sha256());
    json.put("program", run.program()).put("seed", run.seed());
    ObjectNode parameters = json.putObject("parameters");
    run.parameters().forEach((name, value) -> put(parameters, name, value));
    json.put("started", run.started().toString());
    json.put("seconds", run.duration().toNanos() / 1e9);
    json.put("state", run.state().word()).put("problem", run.problem());
    json.put("verdict", run.result().verdict());
    ObjectNode figures = json.putObject("figures");
    run.result().figures().forEach((name, value) -> put(figures, name, value));
    ArrayNode charts = json.putArray("charts");
    run.result().charts().forEach(chart -> ChartJson.write(chart, charts.addObject()));
    return json;
  }

  private static void write(ObjectNode json, SubjectFacts facts, String sha256) {
    ObjectNode model = json.putObject("model");
    model.put("name", facts.model()).put("file", facts.file().toString()).put("sha256", sha256);
    model.put("changed", facts.isChanged());
    model.put("version", facts.version()).put("layers", facts.layers());
    ObjectNode tokenizer = json.putObject("tokenizer").put("id", facts.tokenizer());
    if (facts.vocabulary() != null) {
      tokenizer.put("vocabulary", facts.vocabulary().toString());
    }
    ObjectNode compute = json.putObject("compute");
    compute.put("backend", facts.backend()).put("device", facts.device());
    compute.put("threads", facts.threads()).put("rosa_bits", facts.options().rosaBits());
    if (facts.options().groupNormEps() != null) {
      compute.put("group_norm_eps", facts.options().groupNormEps());
    }
  }

  private static void put(ObjectNode json, String name, Object value) {
    switch (value) {
      case Integer whole -> json.put(name, whole);
      case Double real when !Double.isFinite(real) -> json.put(name, real.toString());
      case Double real -> json.put(name, real);
      case List<?> list -> {
        ArrayNode array = json.putArray(name);
        for (Object each : list) {
          if (each instanceof Integer whole) {
            array.add(whole);
          } else {
            array.add(((Number) each).doubleValue());
          }
        }
      }
      default -> json.put(name, value.toString());
    }
  }

  /**
   * A run without tables.
   *
   * @throws IOException in a sentence, if it is none
   */
  static ProbeRun read(JsonFields json) throws IOException {
    if (json.whole("format") != FORMAT) {
      throw new IOException(
          "%s: its format is %d, expected %d"
              .formatted(json.where(), json.whole("format"), FORMAT));
    }
    JsonFields probe = json.object("probe");
    try {
      return new ProbeRun(
          json.text("id"),
          new AskedProbe(probe.text("id"), probe.text("name"), probe.text("origin")),
          facts(json),
          json.object("model").text("sha256"),
          json.text("program"),
          json.whole("seed"),
          json.object("parameters").values(),
          Instant.parse(json.text("started")),
          Duration.ofNanos(Math.round(json.real("seconds") * 1e9)),
          state(json),
          json.text("problem"),
          result(json));
    } catch (DateTimeException | InvalidPathException | ArithmeticException e) {
      throw new IOException(json.where() + ": " + e.getMessage(), e);
    }
  }

  private static SubjectFacts facts(JsonFields json) throws IOException {
    JsonFields model = json.object("model");
    JsonFields tokenizer = json.object("tokenizer");
    JsonFields compute = json.object("compute");
    return new SubjectFacts(
        model.text("name"),
        Path.of(model.text("file")),
        model.flag("changed"),
        model.text("version"),
        model.count("layers"),
        tokenizer.text("id"),
        path(tokenizer.optionalText("vocabulary")),
        compute.text("backend"),
        compute.text("device"),
        compute.count("threads"),
        options(compute));
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Path.of(text);
  }

  private static LoadOptions options(JsonFields compute) throws IOException {
    String name = "group_norm_eps";
    Float eps = compute.isThere(name) ? (float) compute.real(name) : null;
    try {
      return new LoadOptions(eps, compute.count("rosa_bits"));
    } catch (IllegalArgumentException e) {
      throw new IOException(compute.where() + ": " + e.getMessage(), e);
    }
  }

  private static RunState state(JsonFields json) throws IOException {
    String word = json.text("state");
    return Arrays.stream(RunState.values())
        .filter(state -> state.word().equals(word) && state != RunState.RUNNING)
        .findFirst()
        .orElseThrow(() -> new IOException(json.where() + ": a run is not " + word));
  }

  private static ProbeResult result(JsonFields json) throws IOException {
    List<Chart> charts = new ArrayList<>();
    for (JsonFields chart : json.objects("charts")) {
      charts.add(ChartJson.read(chart));
    }
    Map<String, Double> figures = json.object("figures").reals();
    return new ProbeResult(List.of(), charts, figures, json.text("verdict"));
  }
}
