package rwkv.app.decaylab;

/**
 * Handles of a curve, evenly spread over its channels.
 *
 * @param count at least 2
 * @param channels of the curve, at least 1
 */
record ControlPoints(int count, int channels) {

  /** The choices a person has. */
  static final int[] COUNTS = {3, 5, 9, 17, 33};

  /** The channel that a point stands on. */
  int channel(int point) {
    return (int) Math.round((double) point * (channels - 1) / (count - 1));
  }

  /** Channels from one point to the next. */
  double spacing() {
    return (double) (channels - 1) / (count - 1);
  }

  /** The point nearest to a channel. */
  int nearest(double channel) {
    return spacing() == 0 ? 0 : Math.clamp(Math.round(channel / spacing()), 0, count - 1);
  }
}
