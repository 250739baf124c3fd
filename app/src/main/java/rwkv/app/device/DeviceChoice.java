package rwkv.app.device;

/**
 * A device to pick.
 *
 * @param id as settings and commands name it, as in "auto", "cpu" or "cuda:0"
 * @param title what it is, for a person, as in "NVIDIA H100 80GB HBM3, driver for CUDA 12.4"
 */
public record DeviceChoice(String id, String title) {

  /** The id of the processor, which is always there. */
  public static final String CPU = "cpu";

  /** As in "cuda:0 · NVIDIA H100 80GB HBM3, driver for CUDA 12.4". */
  public String text() {
    return title.isEmpty() ? id : id + " · " + title;
  }
}
