package rwkv.engine.bench;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;

/**
 * Fills tensors of any floating type with random numbers about as fast as memory can be written:
 * for every type, mean and deviation some pieces are drawn and stored in that type, and tensors are
 * made of copies of them in random order. So quantised numbers are such as quantising gives.
 */
final class RandomNumbers {

  /** Numbers of a row that may be the same in all rows: a block of most quantised types. */
  static final int LEAD = 32;

  private static final int POOL = 1024;
  private static final int POOL_BITS = 10;
  private static final long CHUNK = 1 << 20;

  private final long seed;
  private final Map<Kind, Pool> pools = new ConcurrentHashMap<>();

  RandomNumbers(long seed) {
    this.seed = seed;
  }

  /** What pieces have in common. */
  private record Kind(DType dtype, double mean, double deviation, double lead) {}

  /** Pieces, one after the other. */
  private record Pool(MemorySegment data, long pieceBytes) {
    void copy(long piece, MemorySegment to, long at) {
      long bytes = Math.min(pieceBytes, to.byteSize() - at);
      MemorySegment.copy(data, piece * pieceBytes, to, at, bytes);
    }
  }

  /**
   * Draws a tensor's numbers: the same for the same seed, whatever the number of processors.
   *
   * @param number of the tensor in its model
   * @param to as many bytes as the tensor has
   */
  void fill(RandomTensor tensor, int number, MemorySegment to) {
    Pool pool = pool(tensor, Double.NaN);
    long step = CHUNK / pool.pieceBytes * pool.pieceBytes;
    LongStream.range(0, Math.ceilDiv(to.byteSize(), step))
        .parallel()
        .forEach(chunk -> fill(pool, to, chunk * step, step, random(number, chunk)));
    if (!Double.isNaN(tensor.lead())) {
      lead(tensor, to);
    }
  }

  private SplittableRandom random(int number, long chunk) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + ((long) number << 32) + chunk);
  }

  private static void fill(
      Pool pool, MemorySegment to, long from, long bytes, SplittableRandom random) {
    long end = Math.min(to.byteSize(), from + bytes);
    long bits = 0;
    int left = 0;
    for (long at = from; at < end; at += pool.pieceBytes) {
      if (left-- == 0) {
        bits = random.nextLong();
        left = Long.SIZE / POOL_BITS - 1;
      }
      pool.copy(bits & POOL - 1, to, at);
      bits >>>= POOL_BITS;
    }
  }

  private void lead(RandomTensor tensor, MemorySegment to) {
    Pool pool = pool(tensor, tensor.lead());
    long rowBytes = tensor.dtype().bytes(tensor.width());
    for (long row = 0; row < to.byteSize() / rowBytes; row++) {
      pool.copy(row % POOL, to.asSlice(row * rowBytes, rowBytes), 0);
    }
  }

  private Pool pool(RandomTensor tensor, double lead) {
    Kind wanted = new Kind(tensor.dtype(), tensor.mean(), tensor.deviation(), lead);
    return pools.computeIfAbsent(wanted, this::draw);
  }

  private Pool draw(Kind kind) {
    int piece = Math.max(LEAD, kind.dtype.blockSize());
    SplittableRandom random = new SplittableRandom(seed + kind.dtype.ordinal());
    float[] values = new float[POOL * piece];
    for (int i = 0; i < values.length; i++) {
      boolean leads = !Double.isNaN(kind.lead) && i % piece < LEAD;
      values[i] = (float) (leads ? kind.lead : random.nextGaussian(kind.mean, kind.deviation));
    }
    long pieceBytes = kind.dtype.bytes(piece);
    MemorySegment data = MemorySegment.ofArray(new byte[(int) (POOL * pieceBytes)]);
    Quantiser.encode(kind.dtype, values, 0, values.length, data, 0);
    return new Pool(data, pieceBytes);
  }
}
