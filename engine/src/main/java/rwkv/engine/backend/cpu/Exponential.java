package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * eˣ in f32, within one unit in the last place, subnormal results included.
 *
 * <p>x = n ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite's reduction), eʳ by a polynomial (that of
 * Moshier's Cephes), times 2ⁿ in two steps, as 2ⁿ itself may be out of range where the product is
 * not. Only additions, products and fused multiply-adds, which round alike everywhere: unlike
 * {@link VectorOperators#EXP} the bits are the same compiled and interpreted.
 *
 * <p>Constants are vectors already: making one costs the compiler more than reading it.
 */
final class Exponential {

  private static final FloatVector LOG2_E = all(1.4426950408889634f);

  /** ln 2 in two parts; the first has so few bits that its products with n are exact. */
  private static final FloatVector MINUS_LN_2_HIGH = all(-0.693359375f);

  private static final FloatVector MINUS_LN_2_LOW = all(2.12194440e-4f);

  /** Adding it leaves the nearest integer in the lowest bits. */
  private static final FloatVector ROUND = all(0x1.8p23f);

  private static final IntVector ROUND_BITS = ROUND.reinterpretAsInts();

  /** Below, eˣ rounds to 0; −103.97 is the logarithm of half the smallest number. */
  private static final FloatVector LEAST = all(-104);

  /** Above, eˣ rounds to infinity: the logarithm of the largest number. */
  private static final FloatVector MOST = all(88.72284f);

  private static final FloatVector C7 = all(1.9875691500e-4f);
  private static final FloatVector C6 = all(1.3981999507e-3f);
  private static final FloatVector C5 = all(8.3334519073e-3f);
  private static final FloatVector C4 = all(4.1665795894e-2f);
  private static final FloatVector C3 = all(1.6666665459e-1f);
  private static final FloatVector C2 = all(5.0000001201e-1f);

  private static final FloatVector ZERO = all(0);
  private static final FloatVector ONE = all(1);
  private static final FloatVector INFINITY = all(Float.POSITIVE_INFINITY);

  private static final IntVector BIAS = IntVector.broadcast(INTS, 127);
  private static final int FRACTION_BITS = 23;

  private Exponential() {}

  /** eˣ of every lane; NaN stays NaN. */
  static FloatVector of(FloatVector x) {
    FloatVector rounded = x.fma(LOG2_E, ROUND);
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN_2_LOW, n.fma(MINUS_LN_2_HIGH, x));
    FloatVector p = r.fma(C7, C6).fma(r, C5).fma(r, C4).fma(r, C3);
    p = p.fma(r, C2).fma(r.mul(r), r).add(ONE);
    IntVector power = rounded.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = power.lanewise(VectorOperators.ASHR, 1);
    return p.mul(twoTo(half))
        .mul(twoTo(power.sub(half)))
        .blend(ZERO, x.compare(VectorOperators.LT, LEAST))
        .blend(INFINITY, x.compare(VectorOperators.GT, MOST));
  }

  private static FloatVector twoTo(IntVector n) {
    return n.add(BIAS).lanewise(VectorOperators.LSHL, FRACTION_BITS).reinterpretAsFloats();
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
