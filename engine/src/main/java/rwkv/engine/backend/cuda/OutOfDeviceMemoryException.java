package rwkv.engine.backend.cuda;

import java.util.Locale;

/** A card has not as much free memory as is asked for. */
final class OutOfDeviceMemoryException extends IllegalStateException {

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
}
