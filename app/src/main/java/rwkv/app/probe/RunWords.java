package rwkv.app.probe;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import rwkv.app.probing.ProbeRun;

/** Runs in words. */
final class RunWords {

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

  private RunWords() {}

  /** When something was, for a person who was there. */
  static String when(Instant time) {
    return WHEN.format(time.atZone(ZoneId.systemDefault()));
  }

  /** As in 3.2 s, 4 min or 1 h 20 min. */
  static String duration(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 60) {
      return seconds < 10
          ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
          : seconds + " s";
    }
    long minutes = (seconds + 30) / 60;
    return minutes < 60 ? minutes + " min" : "%d h %d min".formatted(minutes / 60, minutes % 60);
  }

  /** A parameter's value as it is typed. */
  static String value(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(RunWords::value).collect(Collectors.joining(", "));
      case Double number -> Cells.exact(number);
      default -> String.valueOf(value);
    };
  }

  /** All parameters that are something, and the seed. */
  static String parameters(ProbeRun run) {
    List<String> words = new ArrayList<>();
    run.parameters()
        .forEach((name, value) -> {
          if (!value.equals("")) {
            words.add(name + " " + value(value));
          }
        });
    words.add("seed " + run.seed());
    return String.join("; ", words);
  }

  /** What tells each run from the others: models, then parameters, then seeds, then times. */
  static List<String> labels(List<ProbeRun> runs) {
    List<List<String>> words = new ArrayList<>();
    runs.forEach(_ -> words.add(new ArrayList<>()));
    tell(runs, words, run -> run.model().model());
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(run.parameters().keySet()));
    for (String name : names) {
      tell(runs, words, run -> name + " " + parameter(run.parameters(), name));
    }
    tell(runs, words, run -> "seed " + run.seed());
    if (words.stream().distinct().count() < runs.size()) {
      tell(runs, words, run -> when(run.started()));
    }
    if (words.stream().distinct().count() < runs.size()) {
      for (int i = 0; i < runs.size(); i++) {
        words.get(i).add("run " + (i + 1));
      }
    }
    return words.stream().map(each -> String.join(", ", each)).toList();
  }

  private static String parameter(Map<String, Object> parameters, String name) {
    Object value = parameters.get(name);
    return value == null ? "not given" : value(value);
  }

  private static void tell(
      List<ProbeRun> runs, List<List<String>> words, Function<ProbeRun, String> what) {
    if (runs.stream().map(what).distinct().count() > 1) {
      for (int i = 0; i < runs.size(); i++) {
        words.get(i).add(what.apply(runs.get(i)));
      }
    }
  }

  /** What was run, for exports. */
  static String caption(ProbeRun run) {
    return "%s of %s (%s), %s, %s, run %s"
        .formatted(
            run.probe().name(),
            run.model().model(),
            run.model().version(),
            parameters(run),
            when(run.started()),
            run.state().word());
  }
}
