package rwkv.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The probes that a loader finds.
 *
 * @param all those that could be loaded
 * @param problems those that could not
 */
public record Probes(List<Probe> all, List<PluginProblem> problems) {

  public Probes {
    all = List.copyOf(all);
    problems = List.copyOf(problems);
  }

  /** All that a loader finds; none of their methods has been called. */
  public static Probes load(ServiceLoader<Probe> loader) {
    List<PluginProblem> problems = new ArrayList<>();
    return new Probes(Services.load(loader, problems), problems);
  }
}
