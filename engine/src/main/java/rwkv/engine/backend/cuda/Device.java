package rwkv.engine.backend.cuda;

import java.util.Locale;
import rwkv.engine.backend.DeviceFacts;

/**
 * An NVIDIA card.
 *
 * @param index as CUDA counts them
 * @param name as the driver tells it
 * @param major of its compute capability, as 9 of 9.0
 * @param driver the newest CUDA version that the driver knows, as 12040 for 12.4
 * @param multiprocessors that compute side by side
 * @param bytes of memory
 */
record Device(
    int index, String name, int major, int minor, int driver, int multiprocessors, long bytes) {

  /** As 75 or 90. */
  int capability() {
    return 10 * major + minor;
  }

  /** The same for a person, while so many bytes are free. */
  DeviceFacts facts(long freeBytes) {
    return new DeviceFacts(
        name,
        "CUDA %d.%d".formatted(driver / 1000, driver % 1000 / 10),
        major + "." + minor,
        bytes,
        freeBytes);
  }

  /** As in "NVIDIA H100 80GB HBM3, driver for CUDA 12.4". */
  String title() {
    return String.format(
        Locale.ROOT, "%s, driver for CUDA %d.%d", name, driver / 1000, driver % 1000 / 10);
  }
}
