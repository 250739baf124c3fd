package rwkv.engine.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The backends there are.
 *
 * @param all best first
 */
public record Backends(List<Backend> all) {

  /** A backend and which of its devices. */
  private static final Pattern DEVICE = Pattern.compile("([^:]+):(.*)");

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
   * The backend of that id, or the best available one for {@value #AUTO}. An id with ":" and a
   * number, as "cuda:1", is that of one of several devices.
   *
   * @throws IllegalArgumentException if there is no such backend or it cannot be used here, saying
   *     why
   */
  public Backend choose(String id) {
    Matcher device = DEVICE.matcher(id);
    if (device.matches()) {
      for (Backend backend : all) {
        if (backend.id().equals(device.group(1))) {
          return onDevice(backend, id, device.group(2));
        }
      }
    }
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

  private static Backend onDevice(Backend backend, String id, String number) {
    if (!number.matches("0|[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          "backend %s: \"%s\" is no number of a device, expected one as in %s:0"
              .formatted(id, number, backend.id()));
    }
    Backend chosen = backend.on(Integer.parseInt(number));
    if (chosen.availability() instanceof Availability.Unavailable(String reason)) {
      throw new IllegalArgumentException("backend " + id + " cannot be used: " + reason);
    }
    return chosen;
  }
}
