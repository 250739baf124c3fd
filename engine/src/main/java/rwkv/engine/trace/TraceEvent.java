package rwkv.engine.trace;

/**
 * A copy of what was computed at a site.
 *
 * @param values {@code [batch, time, channels]}, row-major
 */
public record TraceEvent(int layer, Site site, int batch, int time, int channels, float[] values) {

  /** The channels of one token, copied. */
  public float[] row(int sequence, int step) {
    float[] row = new float[channels];
    System.arraycopy(values, (sequence * time + step) * channels, row, 0, channels);
    return row;
  }
}
