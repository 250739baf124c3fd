package rwkv.engine.analysis;

import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Tensor;

/** The two passes of {@link TensorStatistics} over any tensor. */
final class StatisticsReader {

  /** Chunks between two looks at the progress: some ten microseconds of work each. */
  private static final int PATIENCE = 16;

  private static final int LANES = 4;

  private final Progress progress;
  private final NumberReader reader;
  private final long count;
  private final double[] chunk = new double[NumberReader.CHUNK];
  private final Moments moments = new Moments();
  private long nan;
  private long infinite;

  StatisticsReader(Tensor tensor, Progress progress) {
    this.progress = progress;
    reader = new NumberReader(tensor);
    count = tensor.count();
  }

  TensorStatistics read() {
    pass(0, this::measure);
    Histogram histogram = histogram();
    progress.at(1);
    return TensorStatistics.of(moments, nan, infinite, histogram);
  }

  @FunctionalInterface
  private interface Chunk {
    /** The first {@code n} numbers of {@link #chunk}. */
    void take(int n);
  }

  /**
   * Reads all numbers.
   *
   * @param begin how much was done before, of the whole work
   */
  private void pass(double begin, Chunk work) {
    progress.at(begin);
    int read = 0;
    for (long from = 0; from < count; from += chunk.length) {
      int n = (int) Math.min(chunk.length, count - from);
      reader.read(from, n, chunk);
      work.take(n);
      if (++read % PATIENCE == 0) {
        progress.at(begin + 0.5 * from / count);
      }
    }
  }

  private void measure(int n) {
    double sum = Moments.sum(chunk, n);
    if (Double.isFinite(sum)) {
      moments.add(chunk, n, sum);
      return;
    }
    for (int i = 0; i < n; i++) {
      nan += Double.isNaN(chunk[i]) ? 1 : 0;
      infinite += Double.isInfinite(chunk[i]) ? 1 : 0;
    }
    int kept = keepFinite(n);
    moments.add(chunk, kept, Moments.sum(chunk, kept));
  }

  private Histogram histogram() {
    long[] lanes = new long[LANES * TensorStatistics.RANGES];
    Ranges ranges = new Ranges(moments.min(), moments.max(), TensorStatistics.RANGES);
    boolean isFinite = nan + infinite == 0;
    if (moments.min() == moments.max()) {
      lanes[ranges.of(moments.min())] = moments.count();
    } else if (moments.count() > 0) {
      pass(0.5, n -> sort(isFinite ? n : keepFinite(n), ranges, lanes));
    }
    long[] counts = new long[TensorStatistics.RANGES];
    for (int i = 0; i < lanes.length; i++) {
      counts[i % counts.length] += lanes[i];
    }
    return new Histogram(moments.min(), moments.max(), counts);
  }

  /** Into several tables in turn, because neighbours often fall into the same range. */
  private void sort(int n, Ranges ranges, long[] lanes) {
    for (int i = 0; i < n; i++) {
      lanes[i % LANES * TensorStatistics.RANGES + ranges.of(chunk[i])]++;
    }
  }

  /** Moves the finite numbers of the chunk to its front; tells how many there are. */
  private int keepFinite(int n) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (Double.isFinite(chunk[i])) {
        chunk[kept++] = chunk[i];
      }
    }
    return kept;
  }
}
