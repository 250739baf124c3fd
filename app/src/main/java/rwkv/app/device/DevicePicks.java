package rwkv.app.device;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.engine.backend.Backends;

/** Which device a person has picked for which model, and for all others. */
public final class DevicePicks {

  private final ReadOnlyStringWrapper usual = new ReadOnlyStringWrapper(Backends.AUTO);
  private final Map<Path, String> ofFiles = new HashMap<>();

  /** Puts back what was remembered. */
  public void set(String usualId, Map<Path, String> ids) {
    usual.set(usualId);
    ofFiles.clear();
    ids.forEach(this::pick);
  }

  /** The device of models for which none was picked. */
  public ReadOnlyStringProperty usualProperty() {
    return usual.getReadOnlyProperty();
  }

  /** Picks the device of models for which none was picked. */
  public void pickUsual(String id) {
    usual.set(id);
  }

  /** The device to open a model on. */
  public String of(Path file) {
    return ofFiles.getOrDefault(known(file), usual.get());
  }

  /** Picks the device of one model. */
  public void pick(Path file, String id) {
    ofFiles.put(known(file), id);
  }

  /** What was picked for single models. */
  public Map<Path, String> ofFiles() {
    return Map.copyOf(ofFiles);
  }

  private static Path known(Path file) {
    return file.toAbsolutePath().normalize();
  }
}
