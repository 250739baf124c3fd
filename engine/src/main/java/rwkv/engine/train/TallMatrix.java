package rwkv.engine.train;

import java.util.Arrays;
import java.util.stream.IntStream;
import rwkv.engine.model.Progress;

/**
 * A matrix with at least as many rows as columns, in f32, and what making its columns orthogonal
 * takes, computed in f64 on all processors. Every sum has one order, so threads change no bit.
 *
 * @param numbers [rows, columns], row-major
 */
record TallMatrix(float[] numbers, int rows, int columns) {

  /** Columns of a piece of work; the numbers it needs stay in a cache. */
  private static final int TILE = 64;

  /** Rows divided together. */
  private static final int BLOCK = 32;

  /** Blocks of rows between two looks at the progress. */
  private static final int GROUP = 64;

  /** AᵀA, [columns][columns]; only what lies on and right of the diagonal tiles is filled. */
  double[][] gram(Progress progress) {
    double[][] gram = new double[columns][columns];
    for (int from = 0; from < columns; from += TILE) {
      int i = from;
      IntStream.range(from / TILE, tiles(columns))
          .parallel()
          .forEach(tile -> gramTile(gram, i, tile * TILE));
      progress.at((double) Math.min(columns, from + TILE) / columns);
    }
    return gram;
  }

  private static int tiles(int columns) {
    return (columns + TILE - 1) / TILE;
  }

  private void gramTile(double[][] gram, int i0, int j0) {
    int height = Math.min(TILE, columns - i0);
    int width = Math.min(TILE, columns - j0);
    double[][] sums = new double[height][width];
    double[][] left = new double[4][height];
    double[][] right = new double[4][width];
    for (int row = 0; row < rows; row += 4) {
      for (int r = 0; r < 4; r++) {
        widen(left[r], row + r, i0);
        widen(right[r], row + r, j0);
      }
      for (int i = 0; i < height; i++) {
        addRows(sums[i], 0, width, right, 0, left[0][i], left[1][i], left[2][i], left[3][i]);
      }
    }
    for (int i = 0; i < height; i++) {
      System.arraycopy(sums[i], 0, gram[i0 + i], j0, width);
    }
  }

  /** A row's numbers from a column on; zeros below the last row. */
  private void widen(double[] to, int row, int from) {
    if (row < rows) {
      int at = row * columns + from;
      for (int i = 0; i < to.length; i++) {
        to[i] = numbers[at + i];
      }
    } else {
      Arrays.fill(to, 0);
    }
  }

  /**
   * {@code to[j] += x0 b[k][j] + x1 b[k + 1][j] + x2 b[k + 2][j] + x3 b[k + 3][j]}. Arrays of their
   * own under one index are what the compiler turns into vectors.
   */
  private static void addRows(
      double[] to,
      int from,
      int end,
      double[][] b,
      int k,
      double x0,
      double x1,
      double x2,
      double x3) {
    double[] b0 = b[k];
    double[] b1 = b[k + 1];
    double[] b2 = b[k + 2];
    double[] b3 = b[k + 3];
    for (int j = from; j < end; j++) {
      to[j] += x0 * b0[j] + x1 * b1[j] + (x2 * b2[j] + x3 * b3[j]);
    }
  }

  /** {@code to[j] -= x b[j]}. */
  private static void subtractRow(double[] to, int from, int end, double[] b, double x) {
    for (int j = from; j < end; j++) {
      to[j] -= x * b[j];
    }
  }

  /**
   * Replaces a Gram matrix by R of RᵀR, upper triangular, its diagonal positive.
   *
   * @param singular a share of a column's square below which what is left of it counts as nothing
   * @return whether there is such a matrix; without one {@code gram} is spoilt
   */
  static boolean factor(double[][] gram, double singular) {
    int n = gram.length;
    double[] squares = new double[n];
    for (int i = 0; i < n; i++) {
      squares[i] = gram[i][i];
    }
    for (int panel = 0; panel < n; panel += TILE) {
      int from = panel;
      IntStream.range(panel / TILE, tiles(n))
          .parallel()
          .forEach(tile -> subtractAbove(gram, from, tile * TILE));
      int end = Math.min(n, panel + TILE);
      for (int i = panel; i < end; i++) {
        if (!(gram[i][i] > singular * squares[i])) {
          return false;
        }
        double root = Math.sqrt(gram[i][i]);
        for (int j = i; j < n; j++) {
          gram[i][j] /= root;
        }
        for (int below = i + 1; below < end; below++) {
          subtractRow(gram[below], below, n, gram[i], gram[i][below]);
        }
      }
    }
    return true;
  }

  /** What the finished rows above a panel take from a tile of it. */
  private static void subtractAbove(double[][] gram, int panel, int j0) {
    int n = gram.length;
    int end = Math.min(n, j0 + TILE);
    int bottom = Math.min(n, panel + TILE);
    for (int k = 0; k < panel; k += 4) {
      for (int i = panel; i < bottom; i++) {
        addRows(
            gram[i],
            j0,
            end,
            gram,
            k,
            -gram[k][i],
            -gram[k + 1][i],
            -gram[k + 2][i],
            -gram[k + 3][i]);
      }
    }
  }

  /** Replaces A by A R⁻¹. */
  void divide(double[][] r, Progress progress) {
    int blocks = (rows + BLOCK - 1) / BLOCK;
    for (int from = 0; from < blocks; from += GROUP) {
      int end = Math.min(blocks, from + GROUP);
      IntStream.range(from, end).parallel().forEach(block -> divideBlock(r, block * BLOCK));
      progress.at((double) end / blocks);
    }
  }

  private void divideBlock(double[][] r, int row) {
    int height = Math.min(BLOCK, rows - row);
    double[][] q = new double[height][columns];
    for (int i = 0; i < height; i++) {
      widen(q[i], row + i, 0);
    }
    for (int panel = 0; panel < columns; panel += TILE) {
      int end = Math.min(columns, panel + TILE);
      for (int k = 0; k < panel; k += 4) {
        for (double[] x : q) {
          addRows(x, panel, end, r, k, -x[k], -x[k + 1], -x[k + 2], -x[k + 3]);
        }
      }
      for (double[] x : q) {
        for (int j = panel; j < end; j++) {
          x[j] /= r[j][j];
          subtractRow(x, j + 1, end, r[j], x[j]);
        }
      }
    }
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < columns; j++) {
        numbers[(row + i) * columns + j] = (float) q[i][j];
      }
    }
  }
}
