package rwkv.probes;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The singular values of a matrix, and how many directions it has in effect.
 *
 * @param values σ, largest first; not numbers where the matrix holds what is none
 */
record Spectrum(double[] values) {

  /** Of {@code [rows, columns]} numbers, row-major, from {@code at} on. */
  static Spectrum of(float[] numbers, int at, int rows, int columns) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int i = 0; i < rows * columns; i++) {
      matrix.data[i] = numbers[at + i];
    }
    return of(matrix);
  }

  /** Of a matrix, which stays as it is. */
  static Spectrum of(DMatrixRMaj matrix) {
    double[] values = new double[Math.min(matrix.numRows, matrix.numCols)];
    for (int i = 0; i < matrix.getNumElements(); i++) {
      if (!Double.isFinite(matrix.data[i])) {
        Arrays.fill(values, Double.NaN);
        return new Spectrum(values);
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, false, false, true);
    if (!svd.decompose(matrix.copy())) {
      Arrays.fill(values, Double.NaN);
      return new Spectrum(values);
    }
    double[] ascending = Arrays.copyOf(svd.getSingularValues(), values.length);
    Arrays.sort(ascending);
    for (int i = 0; i < values.length; i++) {
      values[i] = ascending[values.length - 1 - i];
    }
    return new Spectrum(values);
  }

  /**
   * Effective rank exp(−Σ p ln p), p = σ/Σσ (Roy and Vetterli 2007): from 1 to the number of
   * singular values; 0 of a matrix of zeros.
   */
  double effectiveRank() {
    double sum = Arrays.stream(values).sum();
    if (sum == 0) {
      return 0;
    }
    double entropy = 0;
    for (double value : values) {
      double p = value / sum;
      entropy -= p == 0 ? 0 : p * Math.log(p);
    }
    return Math.exp(entropy);
  }

  /** Stable rank ‖S‖²_F / σ₁² (Rudelson and Vershynin 2007); 0 of a matrix of zeros. */
  double stableRank() {
    double largest = values[0];
    return largest == 0 ? 0 : Arrays.stream(values).map(v -> v / largest).map(v -> v * v).sum();
  }

  /** Participation ratio (Σσ²)² / Σσ⁴; 0 of a matrix of zeros. */
  double participation() {
    double largest = values[0];
    if (largest == 0) {
      return 0;
    }
    double squares = stableRank();
    return squares * squares / Arrays.stream(values).map(v -> Math.pow(v / largest, 4)).sum();
  }
}
