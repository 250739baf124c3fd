package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class MatrixOverviewTest {

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyCellIsTheMeanAndTheLargestOfItsNumbers(DType dtype) {
    Random random = Seeds.random("overview of " + dtype);
    long columns = (long) dtype.blockSize() * (1 + random.nextInt(40));
    Tensor tensor = RandomTensors.ordinary(random, dtype, 1 + random.nextInt(60), columns);
    check(tensor, 1 + random.nextInt(50), 1 + random.nextInt(50));
  }

  @ParameterizedTest
  @CsvSource({"7, 5000, 3, 4", "5000, 7, 9, 7", "1, 4097, 8, 4096", "2049, 1, 5, 5"})
  void chunksEndAnywhereInACell(long rows, long columns, int mostRows, int mostColumns) {
    Random random = Seeds.random("overview");
    check(RandomTensors.ordinary(random, DType.F32, rows, columns), mostRows, mostColumns);
  }

  private static void check(Tensor tensor, int mostRows, int mostColumns) {
    MatrixOverview overview = MatrixOverview.of(tensor, mostRows, mostColumns, Progress.NONE);
    assertTrue(overview.rows() <= mostRows && overview.columns() <= mostColumns);
    assertEquals(tensor.count(), overview.matrixRows() * overview.matrixColumns());
    assertEquals(0, overview.firstRow(0));
    assertEquals(overview.matrixRows(), overview.firstRow(overview.rows()));
    assertEquals(overview.matrixColumns(), overview.firstColumn(overview.columns()));
    for (int row = 0; row < overview.rows(); row++) {
      for (int column = 0; column < overview.columns(); column++) {
        checkCell(tensor, overview, row, column);
      }
    }
  }

  private static void checkCell(Tensor tensor, MatrixOverview overview, int row, int column) {
    double sum = 0;
    double extreme = 0;
    int count = 0;
    for (long i = overview.firstRow(row); i < overview.firstRow(row + 1); i++) {
      for (long j = overview.firstColumn(column); j < overview.firstColumn(column + 1); j++) {
        double x = tensor.get(i * overview.matrixColumns() + j);
        sum += x;
        extreme = Math.abs(x) > Math.abs(extreme) ? x : extreme;
        count++;
      }
    }
    assertTrue(count > 0);
    double slack = 1e-6 * Math.abs(extreme);
    assertEquals(sum / count, overview.mean(row, column), slack);
    assertEquals((float) extreme, overview.extreme(row, column));
  }

  @Test
  void aSmallMatrixIsShownAsItIs() {
    Tensor tensor = Tensor.of("t", Shape.of(2, 3), 1, 2, 3, 4, 5, -6);
    MatrixOverview overview = MatrixOverview.of(tensor, 100, 100, Progress.NONE);
    assertTrue(overview.isExact());
    assertEquals(2, overview.rows());
    assertEquals(-6, overview.mean(1, 2));
    assertFalse(MatrixOverview.of(tensor, 1, 100, Progress.NONE).isExact());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1, 1",
    "'5', 1, 5",
    "'1,1,5', 1, 5",
    "'5,1', 1, 5",
    "'2,3,4', 6, 4",
    "'0,4', 0, 4",
    "'4,0', 0, 0"
  })
  void rowsAreAllDimensionsButTheInnermost(String sizes, int rows, int columns) {
    long[] shape =
        sizes.isEmpty()
            ? new long[0]
            : java.util.Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray();
    Tensor tensor = RandomTensors.ordinary(new Random(1), DType.F32, shape);
    MatrixOverview overview = MatrixOverview.of(tensor, 8, 8, Progress.NONE);
    assertEquals(rows, overview.matrixRows());
    assertEquals(columns, overview.matrixColumns());
    assertEquals(rows, overview.rows());
  }

  @Test
  void aCellWithANumberThatIsNoneSaysSo() {
    float[] numbers = {1, Float.NaN, 3, 4, Float.POSITIVE_INFINITY, 6, 7, 8};
    MatrixOverview overview =
        MatrixOverview.of(Tensor.of("t", Shape.of(2, 4), numbers), 2, 2, Progress.NONE);
    assertEquals(Float.NaN, overview.mean(0, 0));
    assertEquals(Float.NaN, overview.extreme(0, 0));
    assertEquals(3.5f, overview.mean(0, 1));
    assertEquals(Float.NaN, overview.extreme(1, 0));
    assertEquals(8, overview.extreme(1, 1));
  }

  @Test
  void theFirstChunkIsNotReadIfItIsCancelled() {
    Tensor tensor = new Tensor("t", DType.I8, Shape.of(4, 4), MemorySegment.ofArray(new byte[16]));
    assertThrows(
        CancellationException.class,
        () ->
            MatrixOverview.of(
                tensor,
                2,
                2,
                _ -> {
                  throw new CancellationException();
                }));
  }
}
