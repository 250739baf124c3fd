package rwkv.app.tensors;

import java.util.concurrent.CancellationException;
import rwkv.engine.analysis.MatrixOverview;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Tensor;

/**
 * Something to look at of a tensor's numbers; may be kept when the file has been closed.
 *
 * @param overview as a matrix
 * @param first the first numbers in row-major order
 */
record TensorPreview(MatrixOverview overview, double[] first) {

  /** Most rows and columns of cells. */
  static final int CELLS = 256;

  private static final int FIRST = 16;

  /**
   * Reads a tensor.
   *
   * @throws CancellationException if {@code progress} ended it
   */
  static TensorPreview of(Tensor tensor, Progress progress) {
    MatrixOverview overview = MatrixOverview.of(tensor, CELLS, CELLS, progress);
    double[] first = new double[(int) Math.min(FIRST, tensor.count())];
    for (int i = 0; i < first.length; i++) {
      first[i] = tensor.get(i);
    }
    return new TensorPreview(overview, first);
  }
}
