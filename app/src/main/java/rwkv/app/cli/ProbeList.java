package rwkv.app.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import rwkv.app.plugins.PluginProbe;
import rwkv.app.probing.ProbeCatalog;
import rwkv.app.probing.ProbeEntry;
import rwkv.engine.setting.Setting;

/** The probes there are, for a person. */
final class ProbeList {

  private ProbeList() {}

  /** Those of the program and of plugins; what is wrong with one is noted. */
  static ProbeCatalog catalog(RwkvCommand root) {
    List<PluginProbe> plugins =
        root.plugins().stream().flatMap(found -> found.probes().stream()).toList();
    ProbeCatalog catalog = ProbeCatalog.load(plugins);
    catalog.problems().forEach(problem -> root.note("probe " + problem));
    return catalog;
  }

  /** The probe of that name. */
  static ProbeEntry find(ProbeCatalog catalog, String name) {
    return catalog
        .find(name)
        .orElseThrow(() ->
            new BadInput("there is no probe '%s'; there are: %s".formatted(name, ids(catalog))));
  }

  private static String ids(ProbeCatalog catalog) {
    return catalog.entries().stream().map(ProbeEntry::id).collect(Collectors.joining(", "));
  }

  static void print(ProbeCatalog catalog, PrintStream out) {
    for (ProbeEntry entry : catalog.entries()) {
      out.printf(Locale.ROOT, "%-16s %s%n", entry.id(), entry.question());
      if (!entry.origin().equals(ProbeCatalog.BUNDLED)) {
        out.printf(Locale.ROOT, "%-16s from %s%n", "", entry.origin());
      }
    }
  }

  /** A probe with its parameters. */
  static void print(ProbeEntry entry, PrintStream out) {
    out.printf("%s: %s%n%s%n%n%s%n%n", entry.id(), entry.name(), entry.question(), entry.method());
    out.printf("From: %s%n", entry.origin());
    if (!entry.parameters().isEmpty()) {
      out.printf("Parameters:%n");
    }
    for (Setting setting : entry.parameters()) {
      out.printf(
          Locale.ROOT,
          "  %-16s %s (%s; default: %s)%n",
          setting.name(),
          setting.meaning(),
          setting.expected(),
          shown(setting.standard()));
    }
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text -> text.isEmpty() ? "none" : "\"" + text + "\"";
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(","));
      default -> value.toString();
    };
  }
}
