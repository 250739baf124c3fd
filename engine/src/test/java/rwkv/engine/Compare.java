package rwkv.engine;

import static org.junit.jupiter.api.Assertions.fail;

import rwkv.engine.tensor.Tensor;

/** Compares numbers and says where they first differ too much. */
public final class Compare {

  private Compare() {}

  /** Every |actual − expected| must be at most absolute + relative · |expected|. */
  public static void close(
      String what, float[] expected, float[] actual, double absolute, double relative) {
    if (expected.length != actual.length) {
      fail(what + ": " + actual.length + " numbers, expected " + expected.length);
    }
    for (int i = 0; i < expected.length; i++) {
      double allowed = absolute + relative * Math.abs(expected[i]);
      if (!(Math.abs((double) actual[i] - expected[i]) <= allowed)) {
        fail(
            what
                + ": number "
                + i
                + " is "
                + actual[i]
                + ", expected "
                + expected[i]
                + " within "
                + allowed);
      }
    }
  }

  /** One row of a tensor {@code [rows, columns]}. */
  public static float[] row(Tensor tensor, int row) {
    int columns = (int) tensor.shape().size(1);
    float[] values = new float[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = (float) tensor.get((long) row * columns + i);
    }
    return values;
  }

  /** All numbers of a tensor as ints. */
  public static int[] ints(Tensor tensor) {
    int[] values = new int[(int) tensor.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) tensor.get(i);
    }
    return values;
  }
}
