package rwkv.app.probing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import rwkv.app.plugins.PluginProbe;
import rwkv.plugin.PluginProblem;
import rwkv.plugin.Probe;
import rwkv.plugin.Probes;

/** The probes there are. A probe that cannot even say what it is, is named and left out. */
public final class ProbeCatalog {

  /** Where the probes come from that are part of the program. */
  public static final String BUNDLED = "comes with the workbench";

  private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final Map<String, ProbeEntry> entries = new TreeMap<>();
  private final List<PluginProblem> problems = new ArrayList<>();

  private ProbeCatalog(List<PluginProblem> problems, List<PluginProbe> probes) {
    this.problems.addAll(problems);
    probes.forEach(this::add);
  }

  /** The probes that come with the program, and those of plugins. */
  public static ProbeCatalog load(List<PluginProbe> contributed) {
    Probes bundled = Probes.load(ServiceLoader.load(Probe.class, Probe.class.getClassLoader()));
    List<PluginProbe> all = new ArrayList<>();
    bundled.all().forEach(probe -> all.add(new PluginProbe(probe, BUNDLED)));
    all.addAll(contributed);
    return new ProbeCatalog(bundled.problems(), all);
  }

  /** These probes; of two with the same identifier the first counts. */
  public static ProbeCatalog of(List<PluginProbe> probes) {
    return new ProbeCatalog(List.of(), probes);
  }

  private void add(PluginProbe contributed) {
    String name = contributed.probe().getClass().getName();
    try {
      ProbeEntry entry = ProbeEntry.of(contributed.probe(), contributed.origin());
      if (!ID.matcher(entry.id()).matches()) {
        throw new IllegalArgumentException(
            "its identifier is '%s', expected a–z, 0–9 and hyphens".formatted(entry.id()));
      }
      ProbeEntry earlier = entries.putIfAbsent(entry.id(), entry);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "the identifier '%s' is taken (%s)".formatted(entry.id(), earlier.origin()));
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      problems.add(
          new PluginProblem(
              "%s (%s)".formatted(name, contributed.origin()), ProbeFailure.words(e), e));
    }
  }

  /** The probes, by identifier in alphabetical order. */
  public List<ProbeEntry> entries() {
    return List.copyOf(entries.values());
  }

  /** The probe of that identifier. */
  public Optional<ProbeEntry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** What went wrong while the probes were loaded. */
  public List<PluginProblem> problems() {
    return Collections.unmodifiableList(problems);
  }
}
