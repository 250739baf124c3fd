package rwkv.engine.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * {@link TensorStatistics} of numbers of one or two bytes, in one pass: how often each of the
 * possible codes occurs says everything. For the types most models are stored in this is several
 * times quicker than {@link StatisticsReader}.
 */
final class CodeCounter {

  /** Numbers between two looks at the progress. */
  private static final int CHUNK = 1 << 14;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Tensor tensor;
  private final boolean isWide;
  private final long[] counts;

  private CodeCounter(Tensor tensor) {
    this.tensor = tensor;
    isWide = tensor.dtype().bytes() == 2;
    counts = new long[isWide ? 1 << 16 : 1 << 8];
  }

  /** Whether codes of this type can be counted. */
  static boolean suits(DType dtype) {
    return !dtype.isQuantised() && dtype.bytes() <= 2;
  }

  static TensorStatistics read(Tensor tensor, Progress progress) {
    CodeCounter counter = new CodeCounter(tensor);
    counter.count(progress);
    return counter.statistics(counter.numbers());
  }

  private void count(Progress progress) {
    progress.at(0);
    short[] shorts = new short[CHUNK];
    byte[] bytes = new byte[CHUNK];
    MemorySegment data = tensor.data();
    long all = tensor.count();
    for (long from = 0; from < all; from += CHUNK) {
      int n = (int) Math.min(CHUNK, all - from);
      if (isWide) {
        MemorySegment.copy(data, SHORT, from * 2, shorts, 0, n);
        for (int i = 0; i < n; i++) {
          counts[shorts[i] & 0xffff]++;
        }
      } else {
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, bytes, 0, n);
        for (int i = 0; i < n; i++) {
          counts[bytes[i] & 0xff]++;
        }
      }
      progress.at((double) from / all);
    }
    progress.at(1);
  }

  /** The number each code stands for. */
  private Tensor numbers() {
    byte[] codes = new byte[counts.length * (isWide ? 2 : 1)];
    MemorySegment memory = MemorySegment.ofArray(codes);
    for (int code = 0; code < counts.length; code++) {
      if (isWide) {
        memory.set(SHORT, code * 2L, (short) code);
      } else {
        codes[code] = (byte) code;
      }
    }
    return new Tensor(tensor.name(), tensor.dtype(), Shape.of(counts.length), memory);
  }

  private TensorStatistics statistics(Tensor numbers) {
    Moments moments = new Moments();
    long nan = 0;
    long infinite = 0;
    for (int code = 0; code < counts.length; code++) {
      double number = numbers.get(code);
      if (Double.isFinite(number)) {
        moments.add(number, counts[code]);
      } else if (Double.isNaN(number)) {
        nan += counts[code];
      } else {
        infinite += counts[code];
      }
    }
    return TensorStatistics.of(moments, nan, infinite, histogram(numbers, moments));
  }

  private Histogram histogram(Tensor numbers, Moments moments) {
    long[] inRange = new long[TensorStatistics.RANGES];
    Ranges ranges = new Ranges(moments.min(), moments.max(), inRange.length);
    for (int code = 0; code < counts.length; code++) {
      if (counts[code] > 0 && Double.isFinite(numbers.get(code))) {
        inRange[ranges.of(numbers.get(code))] += counts[code];
      }
    }
    return new Histogram(moments.min(), moments.max(), inRange);
  }
}
