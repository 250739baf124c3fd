package rwkv.engine.analysis;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * A tensor as a matrix small enough to be looked at: cells that stand for one number each, or for
 * rectangles of about the same size. Columns are the innermost dimension of more than one, rows all
 * others together.
 */
public final class MatrixOverview {

  private final long matrixRows;
  private final long matrixColumns;
  private final int rows;
  private final int columns;
  private final float[] means;
  private final float[] extremes;

  private MatrixOverview(Shape shape, int mostRows, int mostColumns) {
    Shape matrix = shape.squeezed();
    matrixColumns = matrix.rank() == 0 ? 1 : matrix.size(matrix.rank() - 1);
    matrixRows = matrixColumns == 0 ? 0 : shape.count() / matrixColumns;
    rows = (int) Math.min(mostRows, matrixRows);
    columns = (int) Math.min(mostColumns, matrixColumns);
    means = new float[rows * columns];
    extremes = new float[rows * columns];
  }

  /**
   * Reads a tensor once.
   *
   * @param mostRows of cells
   * @param mostColumns of cells
   * @throws CancellationException if {@code progress} ended it
   */
  public static MatrixOverview of(Tensor tensor, int mostRows, int mostColumns, Progress progress) {
    MatrixOverview overview = new MatrixOverview(tensor.shape(), mostRows, mostColumns);
    overview.read(tensor, progress);
    return overview;
  }

  /** Rows of the matrix itself. */
  public long matrixRows() {
    return matrixRows;
  }

  /** Columns of the matrix itself. */
  public long matrixColumns() {
    return matrixColumns;
  }

  /** Rows of cells; 0 if there are no numbers. */
  public int rows() {
    return rows;
  }

  /** Columns of cells. */
  public int columns() {
    return columns;
  }

  /** Whether every cell is one number. */
  public boolean isExact() {
    return rows == matrixRows && columns == matrixColumns;
  }

  /** First row of the matrix in a row of cells; of {@link #rows()}, their number. */
  public long firstRow(int row) {
    return first(row, rows, matrixRows);
  }

  /** First column of the matrix in a column of cells; of {@link #columns()}, their number. */
  public long firstColumn(int column) {
    return first(column, columns, matrixColumns);
  }

  /** Mean of a cell's numbers; NaN if one of them is not finite, as a float at least. */
  public float mean(int row, int column) {
    return means[row * columns + column];
  }

  /** The number of largest |x| in a cell, with its sign; NaN as for {@link #mean}. */
  public float extreme(int row, int column) {
    return extremes[row * columns + column];
  }

  private static long first(int cell, int cells, long size) {
    // cell * size may be more than a long can say.
    return cells == 0 ? 0 : size / cells * cell + size % cells * cell / cells;
  }

  private void read(Tensor tensor, Progress progress) {
    progress.at(0);
    NumberReader reader = new NumberReader(tensor);
    double[] chunk = new double[NumberReader.CHUNK];
    double[] sums = new double[columns];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(sums, 0);
      Band band = new Band(row * columns, sums);
      long from = firstRow(row) * matrixColumns;
      long end = firstRow(row + 1) * matrixColumns;
      for (long at = from; at < end; at += chunk.length) {
        int n = (int) Math.min(chunk.length, end - at);
        reader.read(at, n, chunk);
        band.add(chunk, n);
        progress.at((double) at / tensor.count());
      }
      band.finish(firstRow(row + 1) - firstRow(row));
    }
  }

  /** A row of cells while its numbers come in. */
  private final class Band {
    private final int base;
    private final double[] sums;
    private int column;
    private long at;
    private long next = firstColumn(1);

    Band(int base, double[] sums) {
      this.base = base;
      this.sums = sums;
    }

    void add(double[] chunk, int n) {
      int done = 0;
      while (done < n) {
        int run = (int) Math.min(n - done, next - at);
        cell(chunk, done, done + run);
        done += run;
        at += run;
        turn();
      }
    }

    private void turn() {
      if (at == matrixColumns) {
        at = 0;
        column = 0;
        next = firstColumn(1);
      } else if (at == next) {
        column++;
        next = firstColumn(column + 1);
      }
    }

    private void cell(double[] chunk, int from, int to) {
      double sum = 0;
      double extreme = extremes[base + column];
      for (int i = from; i < to; i++) {
        double x = chunk[i];
        sum += x;
        extreme = Math.abs(x) > Math.abs(extreme) ? x : extreme;
      }
      sums[column] += sum;
      extremes[base + column] = (float) extreme;
    }

    void finish(long height) {
      for (int c = 0; c < columns; c++) {
        float mean = (float) (sums[c] / height / (firstColumn(c + 1) - firstColumn(c)));
        boolean isFinite = Float.isFinite(mean) && Float.isFinite(extremes[base + c]);
        means[base + c] = isFinite ? mean : Float.NaN;
        extremes[base + c] = isFinite ? extremes[base + c] : Float.NaN;
      }
    }
  }
}
