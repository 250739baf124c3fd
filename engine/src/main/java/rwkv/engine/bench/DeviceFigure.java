package rwkv.engine.bench;

/** What {@link DeviceBench} finds, one thing after the other. */
public sealed interface DeviceFigure {

  /** What was, or was to be measured, as in "7.2B, decoding 32 sequences". */
  String what();

  /** The bounds, measured before the figures that follow. */
  record Bounds(String what, DeviceRoofs roofs) implements DeviceFigure {}

  /**
   * A time, and what it cannot be less than.
   *
   * @param seconds of a step
   * @param tokens of a step
   * @param bytes that a step must move
   * @param operations that a step must do, a multiply-add being two
   * @param floor seconds that those take at the device's own measured rates
   */
  record Timed(
      String what, Samples seconds, long tokens, double bytes, double operations, double floor)
      implements DeviceFigure {

    public double tokensPerSecond() {
      return tokens / seconds.median();
    }

    /** The floor's share of the median time: 1 is as fast as can be. */
    public double share() {
      return floor / seconds.median();
    }
  }

  /** Something that was not measured. */
  record Left(String what, String why) implements DeviceFigure {}
}
