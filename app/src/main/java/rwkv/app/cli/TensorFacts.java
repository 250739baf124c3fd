package rwkv.app.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.app.tensors.TensorEntry;
import rwkv.engine.analysis.Histogram;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.Tensor;

/**
 * What {@code rwkv tensors --json} prints. Scripts rely on the names: add, never rename.
 *
 * @param tensors how many are in the file
 * @param bytes of all of them
 * @param shown those that were picked, in the order of the file
 */
record TensorFacts(String file, String format, int tensors, long bytes, List<Facts> shown) {

  /**
   * One tensor.
   *
   * @param statistics null if the numbers were not read
   */
  record Facts(
      String name,
      String dtype,
      List<Long> shape,
      long count,
      long bytes,
      @Nullable Statistics statistics) {}

  /**
   * Its numbers; min, max, mean and std are null if none is finite.
   *
   * @param std of the population
   * @param histogram of the finite numbers, from min to max in ranges of equal width
   */
  record Statistics(
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double mean,
      @Nullable Double std,
      long zeros,
      long nan,
      long infinite,
      long[] histogram) {}

  static TensorFacts of(Checkpoint checkpoint, List<Tensor> all, List<TensorEntry> picked) {
    return new TensorFacts(
        checkpoint.path().toString(),
        checkpoint.format(),
        all.size(),
        all.stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
        picked.stream().map(TensorFacts::of).toList());
  }

  private static Facts of(TensorEntry entry) {
    TensorStatistics statistics = entry.statistics();
    return new Facts(
        entry.name(),
        entry.type(),
        entry.shape().sizes(),
        entry.count(),
        entry.bytes(),
        statistics == null ? null : of(statistics));
  }

  private static Statistics of(TensorStatistics statistics) {
    Histogram histogram = statistics.histogram();
    return new Statistics(
        known(statistics.min()),
        known(statistics.max()),
        known(statistics.mean()),
        known(statistics.deviation()),
        statistics.zeros(),
        statistics.nan(),
        statistics.infinite(),
        histogram.counts());
  }

  private static @Nullable Double known(double x) {
    return Double.isNaN(x) ? null : x;
  }
}
