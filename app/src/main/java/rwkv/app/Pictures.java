package rwkv.app;

import rwkv.app.cursor.PlaceCursor;
import rwkv.app.decay.DecayView;
import rwkv.app.decay.HalfLifeStrip;
import rwkv.app.state.HeadView;
import rwkv.app.state.StateWall;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Event;
import rwkv.engine.session.Frame;

/** The pictures of a session, all told the same. */
final class Pictures {

  private final StateWall wall = new StateWall();
  private final HalfLifeStrip strip = new HalfLifeStrip();
  private final HeadView head = new HeadView();
  private final DecayView decay = new DecayView();
  private final SkippedViewModel skipped = new SkippedViewModel();

  StateWall wall() {
    return wall;
  }

  HalfLifeStrip strip() {
    return strip;
  }

  HeadView head() {
    return head;
  }

  DecayView decay() {
    return decay;
  }

  SkippedViewModel skipped() {
    return skipped;
  }

  Pictures() {
    head.share(wall.state());
  }

  void bind(PlaceCursor place) {
    wall.bind(place);
    strip.bind(place);
    head.bind(place);
    decay.bind(place);
  }

  void open(ModelSpec spec, String name) {
    wall.open(spec, name);
    strip.open(spec, name);
    head.open(spec, name);
    decay.open(spec, name);
    skipped.clear();
  }

  void show(Frame frame) {
    wall.show(frame);
    strip.show(frame);
    head.show(frame);
    decay.show(frame);
    skipped.see(frame.skipped());
  }

  void token(Event.Token token) {
    head.token(token);
  }

  /** Tokens from a position on were taken back. */
  void back(int position) {
    head.back(position);
  }

  void restart() {
    wall.restart();
    strip.restart();
    head.restart();
    decay.restart();
    skipped.clear();
  }
}
