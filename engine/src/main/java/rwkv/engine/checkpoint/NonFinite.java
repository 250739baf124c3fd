package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import rwkv.engine.tensor.Tensor;

/**
 * Looks for the first NaN or infinity of a tensor, at the speed that memory is read with: large
 * tensors in pieces by several threads, floating point numbers eight bytes at a time, and of
 * quantised blocks the scales alone.
 *
 * <p>A floating point number is not finite when all bits of its exponent are set, so when nothing
 * is left of its exponent's complement; adding {@code sign - lowest} to that complement carries
 * into the sign bit exactly when something is left.
 */
final class NonFinite {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Words that a thread looks at before the next one is asked for; a megabyte. */
  private static final int PIECE = 1 << 17;

  /** Words copied where a plain loop over an array can look at them; they stay in the cache. */
  private static final int CHUNK = 1 << 10;

  /** Quantised blocks that a thread looks at. */
  private static final int BLOCKS = 1 << 14;

  private static final long NONE = -1;

  private final Tensor tensor;

  private NonFinite(Tensor tensor) {
    this.tensor = tensor;
  }

  /** The row-major index of the first NaN or infinity; none in whole numbers. */
  static OptionalLong find(Tensor tensor) {
    NonFinite search = new NonFinite(tensor);
    return switch (tensor.dtype()) {
      case F64 -> search.words(0x7ff0_0000_0000_0000L, 0x0010_0000_0000_0000L, 1L << 63);
      case F32 -> search.words(0x7f80_0000_7f80_0000L, 0x0080_0000_0080_0000L, 0x8000_0000L);
      case F16 -> search.words(0x7c00_7c00_7c00_7c00L, 0x0400_0400_0400_0400L, 0x8000L);
      case BF16 -> search.words(0x7f80_7f80_7f80_7f80L, 0x0080_0080_0080_0080L, 0x8000L);
      case I64, I32, I16, I8, U8, BOOL -> OptionalLong.empty();
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> search.blocks();
    };
  }

  private OptionalLong blocks() {
    long blocks = tensor.count() / tensor.dtype().blockSize();
    return first(
        blocks,
        BLOCKS,
        (from, until) -> {
          for (long block = from; block < until; block++) {
            if (!tensor.isBlockFinite(block)) {
              return block * tensor.dtype().blockSize();
            }
          }
          return NONE;
        });
  }

  /**
   * @param exponent the exponent's bits, in every lane
   * @param lowest the lowest of them, in every lane
   * @param highest the highest bit of the lowest lane
   */
  private OptionalLong words(long exponent, long lowest, long highest) {
    int lanes = 8 / tensor.dtype().bytes();
    long sign = 0;
    for (int lane = 0; lane < lanes; lane++) {
      sign |= highest << (lane * 64 / lanes);
    }
    long signs = sign;
    long words = tensor.count() / lanes;
    OptionalLong found =
        first(words, PIECE, (from, until) -> inWords(from, until, exponent, signs - lowest, signs));
    return found.isPresent() ? found : optional(oneByOne(words * lanes, tensor.count()));
  }

  private long inWords(long from, long until, long exponent, long carry, long sign) {
    MemorySegment data = tensor.data();
    int lanes = 8 / tensor.dtype().bytes();
    long[] chunk = new long[(int) Math.min(CHUNK, until - from)];
    for (long word = from; word < until; word += chunk.length) {
      int count = (int) Math.min(chunk.length, until - word);
      MemorySegment.copy(data, LONG, word * 8, chunk, 0, count);
      if (anyIn(chunk, count, exponent, carry, sign)) {
        return oneByOne(word * lanes, (word + count) * lanes);
      }
    }
    return NONE;
  }

  /** Without a way out of the loop, which the compiler then makes vector code of. */
  private static boolean anyIn(long[] words, int count, long exponent, long carry, long sign) {
    long missing = 0;
    for (int i = 0; i < count; i++) {
      missing |= ~((~words[i] & exponent) + carry);
    }
    return (missing & sign) != 0;
  }

  private long oneByOne(long from, long until) {
    for (long i = from; i < until; i++) {
      if (!Double.isFinite(tensor.get(i))) {
        return i;
      }
    }
    return NONE;
  }

  /** The first index found in {@code count} units, shared out in pieces of that size. */
  private static OptionalLong first(long count, int size, Search search) {
    if (count <= size) {
      return optional(search.find(0, count));
    }
    return LongStream.range(0, Math.ceilDiv(count, size))
        .parallel()
        .map(piece -> search.find(piece * size, Math.min(count, (piece + 1) * size)))
        .filter(index -> index != NONE)
        .findFirst();
  }

  private static OptionalLong optional(long index) {
    return index == NONE ? OptionalLong.empty() : OptionalLong.of(index);
  }

  private interface Search {
    /** The index of the first number that is not finite, or {@link #NONE}. */
    long find(long from, long until);
  }
}
