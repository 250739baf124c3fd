package rwkv.engine.session;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands the newest {@link Frame} from the engine's thread to one viewer without either waiting. Two
 * or three frames go round: the one being looked at, the one waiting to be looked at and the one
 * being filled. A frame taken is the viewer's until it takes the next.
 */
public final class FrameExchange {

  private final AtomicReference<@Nullable Frame> waiting = new AtomicReference<>();
  private final AtomicReference<@Nullable Frame> spare = new AtomicReference<>();
  private @Nullable Frame shown;

  /** The newest frame not yet taken, or null. Called by one viewer; ends the last frame's life. */
  public @Nullable Frame take() {
    Frame newest = waiting.getAndSet(null);
    if (newest != null) {
      if (shown != null) {
        spare.set(shown);
      }
      shown = newest;
    }
    return newest;
  }

  /** Whether the last frame has been taken, so that another is welcome. */
  boolean wanted() {
    return waiting.get() == null;
  }

  /** A frame to fill: a used one if there is one, so that pictures make no garbage. */
  Frame blank() {
    Frame replaced = waiting.getAndSet(null);
    if (replaced != null) {
      return replaced;
    }
    Frame used = spare.getAndSet(null);
    return used != null ? used : new Frame();
  }

  /** Makes a frame the newest. */
  void publish(Frame frame) {
    waiting.set(frame);
  }
}
