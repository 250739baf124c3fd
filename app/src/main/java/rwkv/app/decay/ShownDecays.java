package rwkv.app.decay;

import java.util.List;
import rwkv.app.cursor.Place;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;
import rwkv.engine.session.Frame;
import rwkv.engine.session.StateLayout;

/** The mean ln w of all heads that pictures show, copied from the last frame. */
final class ShownDecays {

  private String modelName = "";
  private int layers;
  private int heads;
  private int size;
  private int position;
  private int window;
  private float[][] meanLogs = {};
  private StateLayout layout = new StateLayout(StateLayout.Kind.MATRIX, 0, 0, 0, 0, List.of());
  private String versionName = "";
  private Version.Decay kind = Version.Decay.PER_TOKEN;
  private double lowest;

  /** A model is open; nothing is known before the first frame. */
  void open(ModelSpec spec, String name) {
    modelName = name;
    layers = spec.layers();
    layout = StateLayout.of(spec);
    heads = layout.groups();
    size = layout.columns();
    versionName = spec.version().title();
    kind = spec.version().decay();
    lowest = spec.version().lowestDecay();
    meanLogs = new float[layers][heads * size];
    clear();
  }

  /** What decays depend on in this version. */
  Version.Decay kind() {
    return kind;
  }

  /** Whether decays are the same at every token, so that nothing about them is measured. */
  boolean isConstant() {
    return kind == Version.Decay.PER_CHANNEL || kind == Version.Decay.PER_HEAD;
  }

  /** The fastest decay that this version can have, as a factor per token; 0 without a limit. */
  double lowest() {
    return lowest;
  }

  /** As in "RWKV-6". */
  String versionName() {
    return versionName;
  }

  /** A place in words, as in "L2 H1" or "L2, channels 64–127". */
  String placeName(Place place) {
    return layout.hasHeads()
        ? place.toString()
        : "L%d, %s".formatted(place.layer(), layout.groupName(place.head()));
  }

  /** A channel of a head in words, as in "channel j=3" or "channel 67". */
  String channelName(int head, int j) {
    return layout.hasHeads() ? "channel j=" + j : layout.columnName(head, j);
  }

  /** Copies a frame; one without decays is passed over. */
  boolean see(Frame frame) {
    float[][] from = frame.meanLogDecay();
    if (layers == 0 || from.length != layers || from[0].length != meanLogs[0].length) {
      return false;
    }
    for (int layer = 0; layer < layers; layer++) {
      System.arraycopy(from[layer], 0, meanLogs[layer], 0, meanLogs[layer].length);
    }
    position = frame.position();
    window = frame.window();
    return true;
  }

  /** Nothing is known any more. */
  void clear() {
    position = 0;
    window = 0;
  }

  /** Whether a token's decays are known. */
  boolean isKnown() {
    return window > 0;
  }

  /** Mean ln w by channel of a layer, [channels]. */
  float[] layer(int layer) {
    return meanLogs[layer];
  }

  /** A head's first channel. */
  int offset(int head) {
    return head * size;
  }

  String modelName() {
    return modelName;
  }

  int layers() {
    return layers;
  }

  int heads() {
    return heads;
  }

  /** Key channels of a head. */
  int size() {
    return size;
  }

  int position() {
    return position;
  }

  /** Over how many tokens the means reach. */
  int window() {
    return window;
  }
}
