package rwkv.engine.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The backends there are.
 *
 * @param all best first
 */
public record Backends(List<Backend> all) {

  /** The name that stands for the best backend available. */
  public static final String AUTO = "auto";

  public Backends {
    all = all.stream().sorted(Comparator.comparingInt(Backend::preference).reversed()).toList();
  }

  /** Those on the class path. */
  public static Backends installed() {
    return new Backends(
        ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /**
   * The backend of that id, or the best available one for {@value #AUTO}.
   *
   * @throws IllegalArgumentException if there is no such backend or it cannot be used here, saying
   *     why
   */
  public Backend choose(String id) {
    for (Backend backend : all) {
      boolean wanted = id.equals(AUTO) ? backend.preference() >= 0 : backend.id().equals(id);
      if (wanted) {
        switch (backend.availability()) {
          case Availability.Available _ -> {
            return backend;
          }
          case Availability.Unavailable(String reason) -> {
            if (!id.equals(AUTO)) {
              throw new IllegalArgumentException("backend " + id + " cannot be used: " + reason);
            }
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "no backend "
            + id
            + "; there are: "
            + all.stream().map(Backend::id).collect(Collectors.joining(", ", "auto, ", "")));
  }
}
