package rwkv.engine.backend;

/** Whether buffers fit each other: what kernels ask before they trust in sizes. */
public final class Shapes {

  private Shapes() {}

  /** A buffer's shape, for a person. */
  public static String text(Buffer b) {
    return "[" + b.batch() + "," + b.time() + "," + b.channels() + "]";
  }

  /** Refuses sources that do not have the destination's shape; one-row vectors fit every shape. */
  public static void same(Buffer out, Buffer... sources) {
    for (Buffer source : sources) {
      boolean fits = source.channels() == out.channels();
      if (!fits || (source.rows() != out.rows() && source.rows() != 1)) {
        throw new IllegalArgumentException(text(source) + " does not fit " + text(out));
      }
    }
  }

  /** Refuses buffers that are not those of a product with a weight. */
  public static void product(Buffer out, Buffer x, Matrix weight) {
    boolean fits = x.channels() == weight.in() && out.channels() == weight.out();
    if (!fits || out.rows() != x.rows()) {
      throw new IllegalArgumentException(
          String.format(
              "%s from %s through [%d,%d]", text(out), text(x), weight.out(), weight.in()));
    }
  }

  /** Refuses an output that is not {@code out.channels()} channels of x from {@code from} on. */
  public static void slice(Buffer out, Buffer x, int from) {
    if (out.rows() != x.rows() || from < 0 || from + out.channels() > x.channels()) {
      throw new IllegalArgumentException(text(out) + " from channel " + from + " of " + text(x));
    }
  }

  /** Refuses states that are not one row of {@code channels} numbers for every sequence of y. */
  public static void state(Buffer y, int channels, Buffer... states) {
    for (Buffer state : states) {
      if (state.rows() != y.batch() || state.channels() != channels) {
        throw new IllegalArgumentException(text(state) + " is no state for " + text(y));
      }
    }
  }

  /** Refuses an output that has not as many rows as {@code x}, or not {@code channels}. */
  public static void rows(Buffer out, Buffer x, int channels) {
    if (out.rows() != x.rows() || out.channels() != channels) {
      throw new IllegalArgumentException(
          text(out) + " from " + text(x) + ", expected rows of " + channels);
    }
  }

  /** Refuses histories that are not of these sequences, or shorter than their new tokens. */
  public static void histories(Buffer tokens, History... histories) {
    for (History history : histories) {
      if (history.batch() != tokens.batch()) {
        throw new IllegalArgumentException(
            text(tokens) + " does not fit a history of " + history.batch() + " sequences");
      }
      for (int b = 0; b < tokens.batch(); b++) {
        int rows = history.length(b);
        if (rows < tokens.time() || rows != histories[0].length(b)) {
          throw new IllegalArgumentException(
              text(tokens) + " does not fit a history of " + rows + " rows");
        }
      }
    }
  }
}
