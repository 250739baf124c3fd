package rwkv.engine.session;

import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StatePart;

/** Copies what is watched into frames. */
final class FrameFiller {

  private static final float[][] NOTHING = {};

  private final ModelSpec spec;
  private final int wkvPart;
  private final DecayWindow window;

  FrameFiller(ModelSpec spec, DecayWindow window) {
    this.spec = spec;
    this.wkvPart = spec.statePart(StatePart.ATT_KV);
    this.window = window;
  }

  Frame fill(Frame frame, Session session, Command.Watch watch) {
    frame.position = session.position();
    if (watch.states() && wkvPart >= 0) {
      frame.wkv = sized(frame.wkv, spec.layers(), spec.stateParts().get(wkvPart).count());
      for (int layer = 0; layer < spec.layers(); layer++) {
        session.state().read(0, layer, wkvPart, frame.wkv[layer]);
      }
    } else {
      frame.wkv = NOTHING;
    }
    fillDecays(frame, watch);
    return frame;
  }

  private void fillDecays(Frame frame, Command.Watch watch) {
    frame.layer = Math.clamp(watch.layer(), 0, spec.layers() - 1);
    frame.head = Math.clamp(watch.head(), 0, spec.heads() - 1);
    frame.window = watch.decays() ? window.size() : 0;
    if (frame.window == 0) {
      frame.decay = NOTHING;
      frame.meanLogDecay = NOTHING;
      frame.headDecays = NOTHING;
      return;
    }
    frame.decay = sized(frame.decay, spec.layers(), spec.channels());
    frame.meanLogDecay = sized(frame.meanLogDecay, spec.layers(), spec.channels());
    for (int layer = 0; layer < spec.layers(); layer++) {
      window.last(layer, frame.decay[layer]);
      window.meanLog(layer, frame.meanLogDecay[layer]);
    }
    frame.headDecays = sized(frame.headDecays, frame.window, spec.headSize());
    for (int i = 0; i < frame.window; i++) {
      window.read(frame.layer, i, frame.head * spec.headSize(), frame.headDecays[i]);
    }
  }

  /** The old arrays if they have this size, so that a running picture makes no garbage. */
  private static float[][] sized(float[][] old, int rows, int columns) {
    boolean fits = old.length == rows && rows > 0 && old[0].length == columns;
    return fits ? old : new float[rows][columns];
  }
}
