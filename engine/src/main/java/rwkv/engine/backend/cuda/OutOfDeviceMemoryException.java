package rwkv.engine.backend.cuda;

import java.util.Locale;
import rwkv.engine.backend.DeviceException;

/** A card has not as much free memory as is asked for. */
final class OutOfDeviceMemoryException extends DeviceException {

  private static final long serialVersionUID = 1;

  OutOfDeviceMemoryException(Device device, long asked, long free) {
    super(
        String.format(
            Locale.ROOT,
            "not enough memory on %s: %,d bytes are needed, %,d of %,d are free",
            device.name(),
            asked,
            free,
            device.bytes()));
  }

  /**
   * @param what does not fit, for a person
   */
  OutOfDeviceMemoryException(Device device, String what, long asked, long free) {
    super(
        String.format(
            Locale.ROOT,
            "%s does not fit on %s: about %,d bytes are needed for weights, state and working"
                + " buffers, %,d of %,d are free",
            what,
            device.name(),
            asked,
            free,
            device.bytes()));
  }

  @Override
  public boolean isLost() {
    return false;
  }
}
