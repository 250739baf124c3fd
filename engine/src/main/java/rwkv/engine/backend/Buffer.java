package rwkv.engine.backend;

/**
 * Numbers (f32) that kernels work on, of shape {@code [batch, time, channels]}, row-major: one row
 * of channels for every token of every sequence. Where the memory is, is the backend's business.
 */
public interface Buffer {

  int batch();

  int time();

  int channels();

  /** {@code batch * time}. */
  default int rows() {
    return batch() * time();
  }

  /** {@code batch * time * channels}. */
  default int length() {
    return rows() * channels();
  }

  /**
   * The first {@code batch * time} rows of the same memory under another shape.
   *
   * @throws IllegalArgumentException if there are fewer rows than that
   */
  Buffer as(int batch, int time);

  /** Copies {@code count} numbers, from number {@code offset} on, into {@code into[at…]}. */
  void read(int offset, float[] into, int at, int count);

  /** Copies {@code from[at…at+count)} to number {@code offset} on. */
  void write(int offset, float[] from, int at, int count);

  /** A copy of all its numbers. */
  default float[] toArray() {
    float[] values = new float[length()];
    read(0, values, 0, values.length);
    return values;
  }
}
