package rwkv.app.device;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;

/**
 * The device of the open model: which there are, which it is, how it is used. Devices are asked on
 * {@code worker}, never on the JavaFX thread.
 */
public final class DeviceViewModel {

  private final Supplier<Devices> finder;
  private final DevicePicks picks;
  private final Consumer<String> mover;
  private final ReadOnlyBooleanProperty lost;
  private final Executor worker;
  private final Executor foreground;
  private final ReadOnlyObjectWrapper<Devices> devices =
      new ReadOnlyObjectWrapper<>(Devices.UNKNOWN);
  private final ReadOnlyObjectWrapper<@Nullable DeviceUse> use = new ReadOnlyObjectWrapper<>();
  private @Nullable DeviceUser user;
  private boolean looking;

  /**
   * @param opened the open model
   * @param mover takes the open model to the device of that id
   * @param lost whether its device has failed
   * @param worker may run one task after the other
   * @param foreground the JavaFX thread
   */
  public DeviceViewModel(
      Supplier<Devices> finder,
      DevicePicks picks,
      ObservableValue<? extends @Nullable DeviceUser> opened,
      Consumer<String> mover,
      ReadOnlyBooleanProperty lost,
      Executor worker,
      Executor foreground) {
    this.finder = finder;
    this.picks = picks;
    this.mover = mover;
    this.lost = lost;
    this.worker = worker;
    this.foreground = foreground;
    opened.subscribe(this::follow);
    lost.subscribe(_ -> look());
  }

  /** Those of this machine, as far as somebody has looked. */
  public ReadOnlyObjectProperty<Devices> devicesProperty() {
    return devices.getReadOnlyProperty();
  }

  /** How the open model uses its device; null until that has been asked. */
  public ReadOnlyObjectProperty<@Nullable DeviceUse> useProperty() {
    return use.getReadOnlyProperty();
  }

  /** Whether the open model's device has failed. */
  public ReadOnlyBooleanProperty lostProperty() {
    return lost;
  }

  /** The id that was picked for the open model, or for all; empty if no model is open. */
  public String picked() {
    DeviceUser now = user;
    return now == null ? "" : picks.of(now.file());
  }

  /** Which device models get for which none was picked. */
  public DevicePicks picks() {
    return picks;
  }

  /** The open model is to compute on the device of that id. */
  public void pick(String id) {
    mover.accept(id);
  }

  /** Looks which devices there are. */
  public void find() {
    worker.execute(() -> {
      Devices found = finder.get();
      foreground.execute(() -> devices.set(found));
    });
  }

  /** Asks a device with memory of its own how it is used; to be called every few seconds. */
  public void look() {
    DeviceUser now = user;
    DeviceUse last = use.get();
    boolean changes = last == null || last.facts() != null || !last.trouble().isEmpty();
    if (now != null && !looking && changes) {
      looking = true;
      worker.execute(() -> {
        DeviceUse found = now.deviceUse();
        foreground.execute(() -> arrived(now, found));
      });
    }
  }

  private void arrived(DeviceUser asked, DeviceUse found) {
    looking = false;
    if (asked == user) {
      use.set(found);
    } else {
      look();
    }
  }

  private void follow(@Nullable DeviceUser next) {
    if (next != user) {
      user = next;
      use.set(null);
      look();
    }
  }
}
