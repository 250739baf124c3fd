package rwkv.engine.train;

import java.util.SplittableRandom;
import rwkv.engine.model.Progress;

/**
 * Matrices whose shorter side is orthonormal times a gain, drawn evenly from all there are: Q of a
 * Gaussian matrix QR, R with a positive diagonal. R is the Cholesky factor of AᵀA and Q is A R⁻¹;
 * where the columns of A were far from orthogonal the same is done once more with Q.
 */
final class OrthogonalMatrix {

  /** Largest to smallest of R's diagonal, from where on once is not enough. */
  private static final double FAR = 2;

  /** What is left of a column's square by those before it; with less another matrix is drawn. */
  private static final double SINGULAR = 1e-13;

  private OrthogonalMatrix() {}

  /**
   * Draws one.
   *
   * @return [rows, columns], row-major
   */
  static float[] draw(
      int rows, int columns, double gain, SplittableRandom random, Progress progress) {
    boolean wide = rows < columns;
    int m = Math.max(rows, columns);
    int n = Math.min(rows, columns);
    TallMatrix matrix = new TallMatrix(new float[m * n], m, n);
    double spread;
    do {
      for (int i = 0; i < m * n; i++) {
        matrix.numbers()[i] = (float) random.nextGaussian();
      }
      spread = divided(matrix, progress);
    } while (Double.isNaN(spread));
    while (spread > FAR) {
      spread = divided(matrix, progress);
    }
    return wide ? transposed(matrix, gain) : scaled(matrix.numbers(), gain);
  }

  /** Replaces A by Q; returns largest to smallest of R's diagonal, or NaN if there is no R. */
  private static double divided(TallMatrix matrix, Progress progress) {
    double[][] r = matrix.gram(done -> progress.at(done / 2));
    if (!TallMatrix.factor(r, SINGULAR)) {
      return Double.NaN;
    }
    double smallest = r[0][0];
    double largest = r[0][0];
    for (int i = 0; i < r.length; i++) {
      smallest = Math.min(smallest, r[i][i]);
      largest = Math.max(largest, r[i][i]);
    }
    matrix.divide(r, done -> progress.at((1 + done) / 2));
    return largest / smallest;
  }

  private static float[] scaled(float[] numbers, double gain) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (gain * numbers[i]);
    }
    return numbers;
  }

  private static float[] transposed(TallMatrix matrix, double gain) {
    float[] turned = new float[matrix.numbers().length];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        turned[column * matrix.rows() + row] =
            (float) (gain * matrix.numbers()[row * matrix.columns() + column]);
      }
    }
    return turned;
  }
}
