package rwkv.plugin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Takes from a {@link ServiceLoader} what it can give, and notes what it cannot. */
final class Services {

  // A loader whose service files cannot be listed at all fails the same way at every call.
  private static final int FAILURES_IN_A_ROW = 50;

  private Services() {}

  static <T> List<T> load(ServiceLoader<T> loader, List<PluginProblem> problems) {
    List<T> found = new ArrayList<>();
    Iterator<T> services = loader.iterator();
    String last = "";
    for (int failures = 0; failures < FAILURES_IN_A_ROW; ) {
      try {
        if (!services.hasNext()) {
          break;
        }
        found.add(services.next());
        failures = 0;
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        failures++;
        PluginProblem problem = PluginProblem.of(loader.toString(), e);
        if (!problem.message().equals(last)) {
          problems.add(problem);
        }
        last = problem.message();
      }
    }
    return found;
  }
}
