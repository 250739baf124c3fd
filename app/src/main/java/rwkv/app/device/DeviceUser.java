package rwkv.app.device;

import java.nio.file.Path;

/** Something that computes on a device: an open model. */
public interface DeviceUser {

  /** The model's file. */
  Path file();

  /** The id of what it computes on, as in "cpu" or "cuda:0"; never "auto". */
  String backend();

  /**
   * How it uses its device now. May take a moment; may be asked by any thread, also when closed.
   */
  DeviceUse deviceUse();
}
