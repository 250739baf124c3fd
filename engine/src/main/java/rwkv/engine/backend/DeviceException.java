package rwkv.engine.backend;

/**
 * A device refuses or fails; what is stored elsewhere is not touched. The message is one sentence
 * for a person, which names the device.
 */
public abstract class DeviceException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  protected DeviceException(String message) {
    super(message);
  }

  /** Whether nothing that the device holds can be had any more, so that models are to be closed. */
  public abstract boolean isLost();
}
