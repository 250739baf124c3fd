package rwkv.engine.backend.cuda;

/** A card does not answer any more, or what it had computed is lost. */
final class DeviceLostException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  DeviceLostException(Device device, String reason) {
    super(device.name() + " has failed: " + reason);
  }
}
