package rwkv.probes;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import rwkv.plugin.ProbeException;

/**
 * Classes by ridge regression: one least-squares score for each, in the dual form, whose size is
 * the number of texts and not that of what is read from them. Scores are (K + λ I)⁻¹ Y, K being the
 * products x·x′ + 1 of the examples that are learnt from.
 */
final class Ridge {

  private Ridge() {}

  /** x·x′ + 1 of all examples; x as shares of their root mean square. */
  static double[][] products(float[][] examples) {
    int n = examples.length;
    double[][] products = new double[n][n];
    double diagonal = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int c = 0; c < examples[i].length; c++) {
          sum += (double) examples[i][c] * examples[j][c];
        }
        products[i][j] = sum;
        products[j][i] = sum;
      }
      diagonal += products[i][i] / n;
    }
    for (double[] row : products) {
      for (int j = 0; j < n; j++) {
        row[j] = (diagonal == 0 ? 0 : row[j] / diagonal) + 1;
      }
    }
    return products;
  }

  /**
   * The classes that examples are given which the others, fold by fold, were learnt without.
   *
   * @param products of {@link #products}
   * @param labels from 0, below {@code classes}
   * @param folds example i is in fold i mod folds
   * @param lambda as a share of the mean x·x
   */
  static int[] crossValidated(
      double[][] products, int[] labels, int classes, int folds, double lambda) {
    int n = labels.length;
    int[] given = new int[n];
    for (int fold = 0; fold < folds; fold++) {
      int held = fold;
      int[] learnt = IntStream.range(0, n).filter(i -> i % folds != held).toArray();
      DMatrixRMaj weights = solve(products, labels, classes, learnt, lambda);
      for (int i = fold; i < n; i += folds) {
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
          double score = 0;
          for (int j = 0; j < learnt.length; j++) {
            score += products[i][learnt[j]] * weights.get(j, c);
          }
          if (score > best) {
            best = score;
            given[i] = c;
          }
        }
      }
    }
    return given;
  }

  private static DMatrixRMaj solve(
      double[][] products, int[] labels, int classes, int[] learnt, double lambda) {
    int m = learnt.length;
    DMatrixRMaj left = new DMatrixRMaj(m, m);
    DMatrixRMaj right = new DMatrixRMaj(m, classes);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        left.set(i, j, products[learnt[i]][learnt[j]] + (i == j ? lambda : 0));
      }
      right.set(i, labels[learnt[i]], 1);
    }
    DMatrixRMaj weights = new DMatrixRMaj(m, classes);
    if (!CommonOps_DDRM.solve(left, right, weights)) {
      throw new ProbeException("the regression has no solution: lambda is too small");
    }
    return weights;
  }
}
