package rwkv.engine.tensor;

/** bf16: the upper half of an f32. */
public final class Bf16 {

  private Bf16() {}

  /** The bits of the nearest bf16, of two as near the even one. */
  public static short bits(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /** The nearest number that bf16 has. */
  public static float round(float x) {
    return Float.intBitsToFloat(bits(x) << 16);
  }
}
