package rwkv.app.decay;

import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Frame;

/** The mean ln w of all heads that pictures show, copied from the last frame. */
final class ShownDecays {

  private String modelName = "";
  private int layers;
  private int heads;
  private int size;
  private int position;
  private int window;
  private float[][] meanLogs = {};

  /** A model is open; nothing is known before the first frame. */
  void open(ModelSpec spec, String name) {
    modelName = name;
    layers = spec.layers();
    heads = spec.heads();
    size = spec.headSize();
    meanLogs = new float[layers][heads * size];
    clear();
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
