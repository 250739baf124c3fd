package rwkv.app.open;

import org.jspecify.annotations.Nullable;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Standing;
import rwkv.engine.train.DecayCurve;

/**
 * The way of an open model and its text to a device.
 *
 * @param old where it is now; stays open, unless its device has failed
 * @param port the session with the text, which rests; null for none
 * @param lost whether its device has failed
 */
record Relocation(OpenModel old, @Nullable SessionPort port, boolean lost) {

  /** Whether there is nothing to do. */
  boolean isThere(String device) {
    return device.equals(old.backend()) && !lost;
  }

  /**
   * Opens the model there, with the same decays, ready to go on with the text.
   *
   * @param device its id, never "auto"
   * @throws RuntimeException as when a model is opened
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  OpenModel to(String device, ModelLoader loader, Progress progress) {
    Standing standing = port == null ? null : port.standing();
    DecayCurve other = old.otherDecays();
    if (lost) {
      // What it holds of a failed device has to go before that can be used again.
      old.close();
    }
    double share = standing == null ? 1 : 0.5;
    OpenModel next = loader.load(old.file(), device, done -> progress.at(done * share)).model();
    try {
      if (other != null) {
        // Closed first: there may be no room for two.
        next.close();
        next = next.with(other, true, _ -> progress.at(share));
      }
      if (standing != null) {
        next.goOn(standing, done -> progress.at(share + done * (1 - share)));
      }
      return next;
    } catch (RuntimeException | Error failure) {
      next.close();
      throw failure;
    }
  }
}
