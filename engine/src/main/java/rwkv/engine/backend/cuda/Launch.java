package rwkv.engine.backend.cuda;

import java.util.Arrays;

/**
 * One run of a kernel.
 *
 * @param kernel its name
 * @param columns blocks side by side (x of the grid)
 * @param rows of blocks (y of the grid)
 * @param threads of each block
 * @param arguments one for each parameter: an address, or the bits of a number in the lower half
 */
record Launch(String kernel, int columns, int rows, int threads, long[] arguments) {

  /** Limits of every card since Kepler. */
  private static final int MOST_ROWS = 65_535;

  private static final int MOST_THREADS = 1024;

  Launch {
    if (columns < 1 || rows < 1 || rows > MOST_ROWS || threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "%s over %d x %d blocks of %d threads".formatted(kernel, columns, rows, threads));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Launch that
        && kernel.equals(that.kernel)
        && columns == that.columns
        && rows == that.rows
        && threads == that.threads
        && Arrays.equals(arguments, that.arguments);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kernel.hashCode() + columns) + Arrays.hashCode(arguments);
  }
}
