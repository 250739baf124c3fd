package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class TensorStatisticsTest {

  /** Around the size of a chunk, and where nothing is left over or nearly nothing is there. */
  private static final int[] COUNTS = {1, 2, 3, 5, 127, 2047, 2048, 2049, 6001, 20_000};

  private static final int[] BLOCKS = {1, 2, 7, 8, 9, 65};

  @ParameterizedTest
  @EnumSource(DType.class)
  void saysWhatANaiveComputationSays(DType dtype) {
    Random random = Seeds.random("statistics of " + dtype);
    int size = dtype.blockSize();
    for (int count : size == 1 ? COUNTS : Arrays.stream(BLOCKS).map(n -> n * size).toArray()) {
      check(RandomTensors.ordinary(random, dtype, count));
      check(RandomTensors.anyBits(random, dtype, count));
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void readsAtOddAddresses(DType dtype) {
    Random random = Seeds.random("odd addresses of " + dtype);
    Tensor tensor = RandomTensors.ordinary(random, dtype, 3, dtype.blockSize() * 5L);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(tensor.data().byteSize() + 1, 8);
      check(RandomTensors.unaligned(tensor, room));
    }
  }

  private static void check(Tensor tensor) {
    double[] finite = new double[(int) tensor.count()];
    int n = 0;
    long nan = 0;
    for (long i = 0; i < tensor.count(); i++) {
      double x = tensor.get(i);
      nan += Double.isNaN(x) ? 1 : 0;
      if (Double.isFinite(x)) {
        finite[n++] = x;
      }
    }
    double[] numbers = Arrays.copyOf(finite, n);
    TensorStatistics statistics = TensorStatistics.of(tensor);
    assertEquals(tensor.count(), statistics.count());
    assertEquals(nan, statistics.nan());
    assertEquals(tensor.count() - n - nan, statistics.infinite());
    assertEquals(n, statistics.finite());
    assertEquals(Arrays.stream(numbers).filter(x -> x == 0).count(), statistics.zeros());
    assertEquals(Arrays.stream(numbers).min().orElse(Double.NaN), statistics.min() + 0.0, 0.0);
    assertEquals(Arrays.stream(numbers).max().orElse(Double.NaN), statistics.max() + 0.0, 0.0);
    // Of F64, any bits are numbers whose squares are no longer numbers.
    if (n > 0 && statistics.largest() < 1e100) {
      double mean = Arrays.stream(numbers).average().orElseThrow();
      double slack = 1e-12 * statistics.largest();
      assertEquals(mean, statistics.mean(), slack);
      double squares = Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
      assertEquals(Math.sqrt(squares / n), statistics.deviation(), slack);
    }
    checkHistogram(numbers, statistics);
  }

  private static void checkHistogram(double[] numbers, TensorStatistics statistics) {
    Histogram histogram = statistics.histogram();
    assertEquals(TensorStatistics.RANGES, histogram.size());
    assertEquals(statistics.min(), histogram.from());
    assertEquals(statistics.max(), histogram.to());
    long[] counts = new long[histogram.size()];
    for (double x : numbers) {
      counts[histogram.rangeOf(x)]++;
    }
    assertArrayEquals(counts, histogram.counts());
    assertEquals(numbers.length, histogram.total());
    assertEquals(Arrays.stream(counts).max().orElseThrow(), histogram.fullest());
  }

  @Test
  void rangesLieBetweenTheirEdges() {
    Histogram histogram = TensorStatistics.of(Tensor.of("t", Shape.of(2), -3, 5)).histogram();
    assertEquals(-3, histogram.edge(0));
    assertEquals(5, histogram.edge(histogram.size()));
    for (int range = 0; range < histogram.size(); range++) {
      double middle = (histogram.edge(range) + histogram.edge(range + 1)) / 2;
      assertEquals(range, histogram.rangeOf(middle));
    }
    assertEquals(1, histogram.count(0));
    assertEquals(1, histogram.count(histogram.size() - 1));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void anEmptyTensorHasNoNumbers(DType dtype) {
    Tensor tensor = new Tensor("t", dtype, Shape.of(0), MemorySegment.ofArray(new byte[0]));
    TensorStatistics statistics = TensorStatistics.of(tensor);
    assertEquals(0, statistics.count());
    assertEquals(Double.NaN, statistics.min());
    assertEquals(Double.NaN, statistics.max());
    assertEquals(Double.NaN, statistics.mean());
    assertEquals(Double.NaN, statistics.deviation());
    assertEquals(Double.NaN, statistics.reach());
    assertEquals(0, statistics.histogram().total());
  }

  @Test
  void aScalarIsItsOwnMean() {
    TensorStatistics statistics = TensorStatistics.of(Tensor.of("t", Shape.of(), 0.1f));
    assertEquals(1, statistics.count());
    assertEquals(0.1f, statistics.mean());
    assertEquals(0, statistics.deviation());
    assertEquals(0, statistics.reach());
    assertEquals(1, statistics.histogram().count(TensorStatistics.RANGES / 2));
  }

  @Test
  void withoutOneFiniteNumberThereIsNoMean() {
    float[] numbers = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
    TensorStatistics statistics = TensorStatistics.of(Tensor.of("t", Shape.of(4), numbers));
    assertEquals(2, statistics.nan());
    assertEquals(2, statistics.infinite());
    assertEquals(Double.NaN, statistics.mean());
    assertEquals(0, statistics.histogram().total());
  }

  @Test
  void aSmallSpreadFarFromZeroIsNotLost() {
    float[] numbers = new float[100_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 1_000_000 + i % 2;
    }
    TensorStatistics f32 = TensorStatistics.of(Tensor.of("t", Shape.of(numbers.length), numbers));
    assertEquals(1_000_000.5, f32.mean());
    assertEquals(0.5, f32.deviation(), 1e-12);
  }

  @Test
  void wholeNumbersAreExact() {
    TensorStatistics statistics = TensorStatistics.of(Tensor.of("t", 16_777_217, 16_777_219));
    assertEquals(16_777_217, statistics.min());
    assertEquals(16_777_218, statistics.mean());
  }

  @Test
  void theFurthestNumberIsMeasuredInDeviations() {
    float[] numbers = new float[101];
    numbers[0] = 101;
    TensorStatistics statistics = TensorStatistics.of(Tensor.of("t", Shape.of(101), numbers));
    assertEquals(1, statistics.mean(), 1e-12);
    assertEquals(10, statistics.reach(), 1e-9);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16", "I8", "Q4_K"})
  void progressGrowsAndMayEndIt(DType dtype) {
    Tensor tensor = RandomTensors.ordinary(new Random(1), dtype, 600 * 256);
    List<Double> told = new ArrayList<>();
    TensorStatistics.of(tensor, told::add);
    assertEquals(0, told.getFirst());
    assertEquals(1, told.getLast());
    assertEquals(told.stream().sorted().toList(), told);
    assertTrue(told.size() > 3, told.toString());
    assertThrows(
        CancellationException.class,
        () ->
            TensorStatistics.of(
                tensor,
                done -> {
                  if (done > 0.3) {
                    throw new CancellationException();
                  }
                }));
  }

  @Test
  void nothingIsReadOnceItIsCancelled() {
    Arena arena = Arena.ofShared();
    Tensor tensor = new Tensor("t", DType.F32, Shape.of(100), arena.allocate(400));
    arena.close();
    assertThrows(
        CancellationException.class,
        () ->
            TensorStatistics.of(
                tensor,
                _ -> {
                  throw new CancellationException();
                }));
  }
}
