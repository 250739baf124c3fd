package rwkv.engine.session;

/**
 * A moment of the model for pictures: the newest one, the older ones being dropped when nobody
 * looks fast enough. See {@link FrameExchange} for how long a frame may be used. Parts that are not
 * watched are empty.
 */
public final class Frame {

  int position;
  float[][] state = {};
  float[][] decay = {};
  float[][] meanLogDecay = {};
  int window;
  int layer;
  int head;
  float[][] headDecays = {};
  float[] skipped = {};

  Frame() {}

  /** A frame of these parts, see the accessors. */
  public static Frame of(
      int position,
      float[][] state,
      float[][] decay,
      float[][] meanLogDecay,
      int layer,
      int head,
      float[][] headDecays) {
    Frame frame = new Frame();
    frame.position = position;
    frame.state = state;
    frame.decay = decay;
    frame.meanLogDecay = meanLogDecay;
    frame.window = headDecays.length;
    frame.layer = layer;
    frame.head = head;
    frame.headDecays = headDecays;
    return frame;
  }

  /** Tokens in the state that is shown; 0 before the first. */
  public int position() {
    return position;
  }

  /**
   * By layer: what is shown of its memory, {@code [groups, rows, columns]} of {@link StateLayout}.
   */
  public float[][] state() {
    return state;
  }

  /** By layer: the decay w of the last token, as a factor per token, {@code [channels]}. */
  public float[][] decay() {
    return decay;
  }

  /** By layer: the mean of ln w over the last {@link #window()} tokens, {@code [channels]}. */
  public float[][] meanLogDecay() {
    return meanLogDecay;
  }

  /**
   * By layer: the share of channel mixing's value columns that the last token's product passed
   * over, between 0 and 1; NaN before the first token.
   */
  public float[] skipped() {
    return skipped;
  }

  /** Over how many tokens {@link #meanLogDecay} and {@link #headDecays} reach. */
  public int window() {
    return window;
  }

  /** The layer of {@link #headDecays}. */
  public int layer() {
    return layer;
  }

  /** The head, or run of channels, of {@link #headDecays}. */
  public int head() {
    return head;
  }

  /**
   * The decays of one head, or run of channels, at the last {@link #window()} tokens, oldest first,
   * each {@code [columns]}.
   */
  public float[][] headDecays() {
    return headDecays;
  }
}
