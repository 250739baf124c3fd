package rwkv.engine.backend.cpu;

import java.util.Arrays;
import java.util.Locale;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Shapes;

/** A history in Java arrays, one for each sequence, row-major from index 0. */
final class CpuHistory implements History {

  private static final int FEWEST_ROWS = 16;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final int channels;
  private final float[][] data;
  private final int[] lengths;

  CpuHistory(int batch, int channels) {
    this.channels = channels;
    this.data = new float[batch][0];
    this.lengths = new int[batch];
  }

  /** The memory of a sequence: its rows, and room for more. */
  float[] data(int sequence) {
    return data[sequence];
  }

  @Override
  public int batch() {
    return data.length;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int length(int sequence) {
    return lengths[sequence];
  }

  @Override
  public void reserve(int rows) {
    for (int b = 0; b < data.length; b++) {
      long needed = (long) lengths[b] + rows;
      if (needed * channels > data[b].length) {
        data[b] = grown(data[b], needed);
      }
    }
  }

  /**
   * Half as much again as is needed, so that appending copies seldom; no more where that is all.
   */
  private float[] grown(float[] old, long rows) {
    for (long room : new long[] {Math.max(FEWEST_ROWS, rows + rows / 2), rows}) {
      if (room * channels <= LARGEST_ARRAY) {
        try {
          return Arrays.copyOf(old, (int) (room * channels));
        } catch (OutOfMemoryError tooLarge) {
          // smaller, or the message below
        }
      }
    }
    throw new IllegalStateException(
        String.format(
            Locale.ROOT,
            "no memory for a state of %,d tokens: one part of one layer needs %,d bytes",
            rows,
            rows * channels * 4));
  }

  @Override
  public void append(Buffer rows) {
    if (rows.batch() != data.length) {
      throw new IllegalArgumentException(
          Shapes.text(rows) + " for a history of " + data.length + " sequences");
    }
    reserve(rows.time());
    for (int b = 0; b < data.length; b++) {
      append(b, rows, b * rows.time());
    }
  }

  @Override
  public void append(int sequence, Buffer rows) {
    reserve(rows.time());
    append(sequence, rows, 0);
  }

  private void append(int sequence, Buffer rows, int first) {
    if (rows.channels() != channels) {
      throw new IllegalArgumentException(
          Shapes.text(rows) + " for a history of rows of " + channels);
    }
    int to = lengths[sequence] * channels;
    System.arraycopy(
        CpuKernels.data(rows), first * channels, data[sequence], to, rows.time() * channels);
    lengths[sequence] += rows.time();
  }

  @Override
  public void read(int sequence, int from, float[] into, int at, int rows) {
    if (from < 0 || rows < 0 || from + rows > lengths[sequence]) {
      throw new IndexOutOfBoundsException(
          rows + " rows from row " + from + " of a history of " + lengths[sequence]);
    }
    System.arraycopy(data[sequence], from * channels, into, at, rows * channels);
  }

  @Override
  public void replace(int sequence, float[] numbers) {
    if (numbers.length % channels != 0) {
      throw new IllegalArgumentException(numbers.length + " numbers in rows of " + channels);
    }
    data[sequence] = numbers.clone();
    lengths[sequence] = numbers.length / channels;
  }
}
