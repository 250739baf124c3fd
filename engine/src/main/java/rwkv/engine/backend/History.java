package rwkv.engine.backend;

/**
 * Rows of numbers (f32) that grow with the text: for every sequence of a batch one row for each of
 * its tokens. Sequences may be of different lengths. Where the memory is, is the backend's
 * business.
 */
public interface History {

  /** How many sequences. */
  int batch();

  /** Numbers in a row. */
  int channels();

  /** Rows of one sequence. */
  int length(int sequence);

  /**
   * Makes room for that many more rows of every sequence.
   *
   * @throws IllegalStateException if there is no memory for them; then nothing has changed
   */
  void reserve(int rows);

  /** Appends to every sequence its rows of {@code rows}, {@code [batch, time, channels]}. */
  void append(Buffer rows);

  /** Appends rows {@code [1, time, channels]} to one sequence. */
  void append(int sequence, Buffer rows);

  /** Copies {@code rows} rows of one sequence, from row {@code from} on, into {@code into[at…]}. */
  void read(int sequence, int from, float[] into, int at, int rows);

  /**
   * Puts other rows in the place of all rows of one sequence.
   *
   * @param numbers {@code [rows, channels]}, row-major; copied
   */
  void replace(int sequence, float[] numbers);
}
