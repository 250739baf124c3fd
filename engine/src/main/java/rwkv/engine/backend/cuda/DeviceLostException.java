package rwkv.engine.backend.cuda;

import rwkv.engine.backend.DeviceException;

/** A card does not answer any more, or what it had computed is lost. */
final class DeviceLostException extends DeviceException {

  private static final long serialVersionUID = 1;

  DeviceLostException(Device device, String reason) {
    super(device.name() + " has failed: " + reason);
  }

  @Override
  public boolean isLost() {
    return true;
  }
}
