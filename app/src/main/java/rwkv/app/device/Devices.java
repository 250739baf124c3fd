package rwkv.app.device;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;

/**
 * The devices of this machine.
 *
 * @param choices those that can be used, {@link Backends#AUTO} first
 * @param absent of those that cannot, why, each as in "cuda: no NVIDIA driver"
 */
public record Devices(List<DeviceChoice> choices, List<String> absent) {

  /** Nobody has looked yet. */
  public static final Devices UNKNOWN =
      new Devices(List.of(new DeviceChoice(Backends.AUTO, "")), List.of());

  /** Computes slowly what others are compared with; nobody wants to write texts on it. */
  private static final String REFERENCE = "reference";

  public Devices {
    choices = List.copyOf(choices);
    absent = List.copyOf(absent);
  }

  /** Looks; may take a moment. */
  public static Devices of(Backends backends) {
    List<DeviceChoice> choices = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    choices.add(new DeviceChoice(Backends.AUTO, "the best that has proved itself"));
    for (Backend backend : backends.all()) {
      if (!backend.id().equals(REFERENCE)) {
        for (Backend device : backend.devices()) {
          switch (device.availability()) {
            case Availability.Available(String title) ->
                choices.add(new DeviceChoice(device.id(), title));
            case Availability.Unavailable(String reason) -> absent.add(device.id() + ": " + reason);
          }
        }
      }
    }
    return new Devices(choices, absent);
  }

  /** Whether there is a device of that id. */
  public boolean has(String id) {
    return choices.stream().anyMatch(choice -> choice.id().equals(id));
  }
}
