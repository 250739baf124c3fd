package rwkv.engine.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The widest vectors this CPU has, and what the kernels do with them again and again. */
final class Lanes {

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  static final int COUNT = FLOATS.length();
  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(FLOATS, 8, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(FLOATS, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(FLOATS, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(FLOATS, 1, 1, true);

  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ORDER);

  private static final ValueLayout.OfShort SHORT_IN_MEMORY =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfInt INT_IN_MEMORY =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  /** A byte for every lane; there is no vector of less than eight. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * COUNT)));

  /** The number of each lane. */
  static final IntVector INDEX = IntVector.zero(INTS).addIndex(1);

  private static final IntVector BYTE_SHIFTS = INDEX.mul(8);

  private Lanes() {}

  /** A vector from an array. */
  static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
  }

  /** A 32-bit word to a lane, from memory. */
  static IntVector words(MemorySegment m, long at) {
    return IntVector.fromMemorySegment(INTS, m, at, ORDER);
  }

  /**
   * The sum of the lanes, always in the same order: the order of {@code reduceLanes} is left open
   * and changes between interpreted and compiled code, and with it the last bit of every logit.
   */
  static float sum(FloatVector v) {
    FloatVector s = v;
    if (COUNT >= 16) {
      s = s.add(s.rearrange(BY_8));
    }
    if (COUNT >= 8) {
      s = s.add(s.rearrange(BY_4));
    }
    if (COUNT >= 4) {
      s = s.add(s.rearrange(BY_2));
    }
    return s.add(s.rearrange(BY_1)).lane(0);
  }

  /** The same of a vector in memory. */
  static float sum(float[] lanes, int at) {
    return sum(FloatVector.fromArray(FLOATS, lanes, at));
  }

  /** Lower halves of 32-bit lanes as bf16. */
  static FloatVector lowBf16(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** Upper halves of 32-bit lanes as bf16. */
  static FloatVector highBf16(IntVector pairs) {
    return pairs.and(0xffff0000).reinterpretAsFloats();
  }

  /** Lower halves of 32-bit lanes as finite f16. */
  static FloatVector lowF16(IntVector pairs) {
    return highF16(pairs.lanewise(VectorOperators.LSHL, 16));
  }

  /**
   * Upper halves of 32-bit lanes as finite f16. An arithmetic shift moves exponent and fraction to
   * where f32 has them and leaves the sign in its place, with copies of it that the mask takes
   * away; the product then corrects the exponent's bias, for subnormal numbers too. Infinities
   * become 65536: weights are refused when they are not finite.
   */
  static FloatVector highF16(IntVector pairs) {
    return pairs
        .lanewise(VectorOperators.ASHR, 3)
        .and(0x8fffe000)
        .reinterpretAsFloats()
        .mul(0x1p112f);
  }

  /** A byte to a lane, from 0 to 255. */
  static IntVector bytes(MemorySegment m, long at) {
    if (COUNT < 8) {
      return spread(word(m, at)).and(255);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, m, at, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  /** A byte to a lane, from −128 to 127. */
  static FloatVector signedBytes(MemorySegment m, long at) {
    if (COUNT < 8) {
      return signed(word(m, at));
    }
    return floats(
        (IntVector)
            ByteVector.fromMemorySegment(BYTES, m, at, ORDER)
                .convertShape(VectorOperators.B2I, INTS, 0));
  }

  private static FloatVector signed(int word) {
    IntVector high = spread(word).lanewise(VectorOperators.LSHL, 24);
    return floats(high.lanewise(VectorOperators.ASHR, 24));
  }

  /** Each lane's byte lowest. */
  private static IntVector spread(int word) {
    return IntVector.broadcast(INTS, word).lanewise(VectorOperators.LSHR, BYTE_SHIFTS);
  }

  static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  static int word(byte[] b, int at) {
    return (int) INT.get(b, at);
  }

  static int word(MemorySegment m, long at) {
    return m.get(INT_IN_MEMORY, at);
  }

  static float half(MemorySegment m, long at) {
    return Float.float16ToFloat(m.get(SHORT_IN_MEMORY, at));
  }
}
