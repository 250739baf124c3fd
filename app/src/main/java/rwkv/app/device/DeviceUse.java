package rwkv.app.device;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.app.theme.Sizes;
import rwkv.engine.backend.DeviceFacts;

/**
 * How a model uses its device, at a moment.
 *
 * @param id of the backend, as in "cuda:0"
 * @param title what it is, for a person
 * @param facts null for the processor, and where they cannot be read
 * @param heldBytes of the device's memory that the model and its sessions hold
 * @param trouble why there are no facts; empty if there is nothing to tell
 */
public record DeviceUse(
    String id, String title, @Nullable DeviceFacts facts, long heldBytes, String trouble) {

  /**
   * A line about the device.
   *
   * @param note more digits; may be empty
   */
  public record Line(String label, String value, String note) {}

  /** Everything, for the model card. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    DeviceFacts known = facts;
    if (known == null) {
      lines.add(new Line("Device", title, trouble));
      return lines;
    }
    lines.add(new Line("Device", known.name(), id));
    lines.add(new Line("Driver", known.driver(), ""));
    lines.add(new Line("Compute capability", known.capability(), ""));
    lines.add(bytes("Memory", known.bytes()));
    lines.add(bytes("Held by this model", heldBytes));
    lines.add(bytes("Free", known.freeBytes()));
    return lines;
  }

  /** Everything in lines of text. */
  public String text() {
    return lines().stream()
        .map(line ->
            line.note().isEmpty()
                ? line.label() + ": " + line.value()
                : "%s: %s (%s)".formatted(line.label(), line.value(), line.note()))
        .collect(Collectors.joining("\n"));
  }

  /** In short, for the status bar, as in "cuda:0 · 3.1 GB held, 76 GB free". */
  public String brief() {
    DeviceFacts known = facts;
    if (known == null) {
      return trouble.isEmpty() ? id : id + " · does not answer";
    }
    return "%s · %s held, %s free"
        .formatted(id, Sizes.bytes(heldBytes), Sizes.bytes(known.freeBytes()));
  }

  private static Line bytes(String label, long bytes) {
    return new Line(label, Sizes.bytes(bytes), Sizes.exact(bytes) + " bytes");
  }
}
