package rwkv.engine.backend.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
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

  /** The number of each lane. */
  static final IntVector INDEX = IntVector.zero(INTS).addIndex(1);

  private Lanes() {}

  /** A vector from an array. */
  static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
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

  static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  static int word(byte[] b, int at) {
    return (int) INT.get(b, at);
  }
}
