package rwkv.engine.session;

import rwkv.engine.model.ModelSpec;

/** Copies what is watched into frames. */
final class FrameFiller {

  private static final float[][] NOTHING = {};

  private final StateLayout.Reader reader;
  private final StateLayout layout;
  private final int channels;
  private final DecayWindow window;
  private final SkippedShares skipped;

  FrameFiller(ModelSpec spec, DecayWindow window, SkippedShares skipped) {
    this.reader = new StateLayout.Reader(spec);
    this.layout = reader.layout();
    this.channels = spec.channels();
    this.window = window;
    this.skipped = skipped;
  }

  Frame fill(Frame frame, Session session, Command.Watch watch) {
    frame.position = session.position();
    if (frame.skipped.length != layout.layers()) {
      frame.skipped = new float[layout.layers()];
    }
    skipped.read(frame.skipped);
    if (watch.states()) {
      frame.state = sized(frame.state, layout.layers(), layout.count());
      for (int layer = 0; layer < layout.layers(); layer++) {
        reader.read(session.state(), layer, frame.state[layer]);
      }
    } else {
      frame.state = NOTHING;
    }
    fillDecays(frame, watch);
    return frame;
  }

  private void fillDecays(Frame frame, Command.Watch watch) {
    frame.layer = Math.clamp(watch.layer(), 0, layout.layers() - 1);
    frame.head = Math.clamp(watch.head(), 0, layout.groups() - 1);
    frame.window = watch.decays() ? window.size() : 0;
    if (frame.window == 0) {
      frame.decay = NOTHING;
      frame.meanLogDecay = NOTHING;
      frame.headDecays = NOTHING;
      return;
    }
    frame.decay = sized(frame.decay, layout.layers(), channels);
    frame.meanLogDecay = sized(frame.meanLogDecay, layout.layers(), channels);
    for (int layer = 0; layer < layout.layers(); layer++) {
      window.last(layer, frame.decay[layer]);
      window.meanLog(layer, frame.meanLogDecay[layer]);
    }
    frame.headDecays = sized(frame.headDecays, frame.window, layout.columns());
    for (int i = 0; i < frame.window; i++) {
      window.read(frame.layer, i, frame.head * layout.columns(), frame.headDecays[i]);
    }
  }

  /** The old arrays if they have this size, so that a running picture makes no garbage. */
  private static float[][] sized(float[][] old, int rows, int columns) {
    boolean fits = old.length == rows && rows > 0 && old[0].length == columns;
    return fits ? old : new float[rows][columns];
  }
}
